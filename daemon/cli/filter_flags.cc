#include "filter_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

namespace muster::daemon::cli {
namespace {

using core::BindingField;

std::string FlagOf(std::string_view field) {
  std::string flag = "--" + std::string(field);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

const char* HelpOf(BindingField field) {
  switch (field) {
    case BindingField::kAor:
      return "user@domain";
    case BindingField::kUser:
      return "user part";
    case BindingField::kDomain:
      return "domain of the AoR";
    case BindingField::kContact:
      return "Contact's URI, or the whole Contact";
    case BindingField::kMac:
      return "MAC in any notation";
    case BindingField::kInstance:
      return "+sip.instance, urn:uuid:...";
    case BindingField::kIp:
      return "Contact host, source address or Call-ID host: an address or a block";
    case BindingField::kPort:
      return "port that the REGISTER came from";
    case BindingField::kTransport:
      return "udp, tcp, tls, ws or wss";
    case BindingField::kCallId:
      return "Call-ID";
    case BindingField::kServer:
      return "id, name or address of the node";
    case BindingField::kUserAgent:
      return "User-Agent";
    case BindingField::kExpiresIn:
      return "seconds left";
    case BindingField::kRegisteredAt:
      return "since when: RFC 3339, or seconds since 1970";
    case BindingField::kUpdatedAt:
      return "last REGISTER: RFC 3339, or seconds since 1970";
    case BindingField::kRegId:
      return "reg-id (RFC 5626)";
    case BindingField::kPath:
      return "Path";
    case BindingField::kInstrument:
      break;
  }
  return nullptr;  // is no filter
}

}  // namespace

void FilterFlags::AddTo(CLI::App& command) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const char* const help = HelpOf(static_cast<BindingField>(i));
    if (help == nullptr) continue;
    command.add_option(FlagOf(core::kBindingFieldInfos[i].name), values_[i], help)
        ->allow_extra_args(false)
        ->type_name("VALUE")
        ->group("Which (all that are given must be met)");
  }
  command.footer(
      "VALUE: a;b any of them, !a;b none of them, Yea* a text that begins so, 10.0.0.0/8 a block,\n"
      "60:120 60: :120 numbers and times from and to. A \\ makes a following ; : ! * or \\ a\n"
      "character like any other. Quote what the shell would take for itself.");
}

std::vector<QueryParameter> FilterFlags::Given() const {
  std::vector<QueryParameter> parameters;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    for (const std::string& value : values_[i]) {
      parameters.push_back({std::string(core::kBindingFieldInfos[i].name), value});
    }
  }
  return parameters;
}

std::string FieldName(std::string text) {
  // A dash in front asks for the reverse order.
  if (!text.empty()) std::replace(text.begin() + 1, text.end(), '-', '_');
  return text;
}

}  // namespace muster::daemon::cli
