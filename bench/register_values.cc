#include "bench/register_values.h"

namespace muster::bench {

std::vector<std::pair<std::string, std::string>> NamedValues(const RegisterValues& values) {
  std::vector<std::pair<std::string, std::string>> named = {
      {"method", values.method},
      {"request uri", values.request_uri},
      {"via host", values.via_host},
      {"via port", std::to_string(values.via_port)},
      {"via branch", values.via_branch},
      {"from user", values.from.user},
      {"from host", values.from.host},
      {"from tag", values.from.tag},
      {"to user", values.to.user},
      {"to host", values.to.host},
      {"to tag", values.to.tag},
      {"call-id", values.call_id},
      {"cseq number", std::to_string(values.cseq_number)},
      {"cseq method", values.cseq_method},
      {"expires", std::to_string(values.expires_seconds)},
      {"number of contacts", std::to_string(values.contacts.size())},
  };
  for (std::size_t i = 0; i < values.contacts.size(); ++i) {
    const ContactValues& contact = values.contacts[i];
    const std::string name = "contact " + std::to_string(i + 1) + " ";
    named.emplace_back(name + "uri", contact.uri);
    named.emplace_back(name + "q", std::to_string(contact.q_thousandths));
    named.emplace_back(name + "expires", std::to_string(contact.expires_seconds));
    named.emplace_back(name + "instance", contact.instance);
    named.emplace_back(name + "reg-id", std::to_string(contact.reg_id));
  }
  return named;
}

std::string FirstDifference(const RegisterValues& expected, const RegisterValues& found) {
  const auto expected_values = NamedValues(expected);
  const auto found_values = NamedValues(found);
  // Of two lists of different length the number of contacts, which stands before them, differs.
  for (std::size_t i = 0; i < expected_values.size(); ++i) {
    if (expected_values[i] == found_values[i]) continue;
    return expected_values[i].first + " is '" + found_values[i].second + "', should be '" +
           expected_values[i].second + "'";
  }
  return "";
}

}  // namespace muster::bench
