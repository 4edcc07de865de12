#pragma once

// RegisterValues in a parser's own form, and the way from there to RegisterValues.

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bench/register_values.h"

namespace muster::bench {

/// `Text` and `Uri` are the parser's own. `Number` is std::uint32_t where it has made a number of
/// the digits, else `Text`: Number is that of parameters and ports, HeaderNumber that of CSeq and
/// Expires.
template <class Text, class Uri, class Number, class HeaderNumber>
struct ParsedRegister {
  struct Address {
    Text user{};
    Text host{};
    Text tag{};
  };
  struct Contact {
    Uri uri{};
    Number q{};  // in thousandths when it is a std::uint32_t
    Number expires{};
    Text instance{};
    Number reg_id{};
  };
  static constexpr std::size_t kMaxContacts = 8;

  Text method{};
  Uri request_uri{};
  Text via_host{};
  Number via_port{};
  Text via_branch{};
  Address from;
  Address to;
  Text call_id{};
  HeaderNumber cseq_number{};
  Text cseq_method{};
  HeaderNumber expires{};
  std::array<Contact, kMaxContacts> contacts;
  std::size_t contact_count = 0;
};

inline std::uint32_t NumberFrom(std::string_view digits) {
  return static_cast<std::uint32_t>(std::strtoul(std::string(digits).c_str(), nullptr, 10));
}

inline std::uint32_t ThousandthsFrom(std::string_view q) {
  if (q.empty()) return kDefaultQThousandths;
  return static_cast<std::uint32_t>(std::lround(std::stod(std::string(q)) * 1'000));
}

/// Without the quotes and angle brackets that other parsers leave on, some only the brackets.
inline std::string_view InstanceFrom(std::string_view text) {
  const auto strip = [&text](char first, char last) {
    if (text.size() >= 2 && text.front() == first && text.back() == last)
      text = text.substr(1, text.size() - 2);
  };
  strip('"', '"');
  strip('<', '>');
  return text;
}

/// `Form` knows the parser's own types: Form::View makes a std::string_view of its text, Form::Copy
/// a std::string of its URI.
template <class Form, class Text, class Uri, class Number, class HeaderNumber>
RegisterValues CopyOf(const ParsedRegister<Text, Uri, Number, HeaderNumber>& parsed) {
  const auto text = [](const Text& of) { return std::string(Form::View(of)); };
  const auto number = [](const auto& of) -> std::uint32_t {
    if constexpr (std::integral<std::remove_cvref_t<decltype(of)>>) {
      return of;
    } else {
      return NumberFrom(Form::View(of));
    }
  };
  RegisterValues values;
  values.method = text(parsed.method);
  values.request_uri = Form::Copy(parsed.request_uri);
  values.via_host = text(parsed.via_host);
  values.via_port = number(parsed.via_port);
  values.via_branch = text(parsed.via_branch);
  values.from = {text(parsed.from.user), text(parsed.from.host), text(parsed.from.tag)};
  values.to = {text(parsed.to.user), text(parsed.to.host), text(parsed.to.tag)};
  values.call_id = text(parsed.call_id);
  values.cseq_number = number(parsed.cseq_number);
  values.cseq_method = text(parsed.cseq_method);
  values.expires_seconds = number(parsed.expires);
  for (std::size_t i = 0; i < parsed.contact_count; ++i) {
    const auto& contact = parsed.contacts[i];
    ContactValues& copy = values.contacts.emplace_back();
    copy.uri = Form::Copy(contact.uri);
    copy.expires_seconds = number(contact.expires);
    copy.reg_id = number(contact.reg_id);
    if constexpr (std::integral<Number>) {
      copy.q_thousandths = contact.q;
      copy.instance = text(contact.instance);
    } else {
      copy.q_thousandths = ThousandthsFrom(Form::View(contact.q));
      copy.instance = InstanceFrom(Form::View(contact.instance));
    }
  }
  return values;
}

}  // namespace muster::bench
