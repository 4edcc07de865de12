// When two URIs mean the same: RFC 3261 19.1.4, RFC 5954 4.2 (IPv6), RFC 3966 section 4 (tel).
// URNs are in urn.cc.

#include <algorithm>
#include <array>

#include "char_class.h"
#include "host.h"
#include "muster/parser/uri.h"
#include "urn.h"

namespace muster::parser {
namespace {

enum class Case { kMatters, kIgnored };

// One character of a URI component. An escape equals the character that it stands for, unless that
// is a reserved one (RFC 2396 2.2): "%3B" in a user is not ";".
struct Unit {
  char c;
  bool escaped_reserved;
  bool operator==(const Unit&) const = default;
};

constexpr bool IsReserved(char c) {
  return std::string_view(";/?:@&=+$,").find(c) != std::string_view::npos;
}

Unit TakeUnit(std::string_view& text, Case letters) {
  Unit unit{text.front(), false};
  std::size_t size = 1;
  if (text.front() == '%' && text.size() >= 3 && Is(text[1], kHexDigit) && Is(text[2], kHexDigit)) {
    unit.c = static_cast<char>(HexValue(text[1]) * 16 + HexValue(text[2]));
    unit.escaped_reserved = IsReserved(unit.c);
    size = 3;
  }
  if (letters == Case::kIgnored) unit.c = ToLower(unit.c);
  text.remove_prefix(size);
  return unit;
}

bool Same(std::string_view a, std::string_view b, Case letters) {
  while (!a.empty() && !b.empty()) {
    if (TakeUnit(a, letters) != TakeUnit(b, letters)) return false;
  }
  return a.empty() && b.empty();
}

bool SameHost(const Uri& a, const Uri& b) {
  if (a.host_kind != b.host_kind) return false;
  if (a.host_kind != HostKind::kIpv6) return EqualsIgnoreCase(a.host, b.host);
  const auto address = [](std::string_view host) {
    return ParseIpv6(host.substr(1, host.size() - 2));
  };
  return address(a.host) == address(b.host);
}

std::optional<Parameter> FindEscaped(std::string_view params, std::string_view name) {
  ParameterReader reader(params);
  for (Parameter parameter; reader.Next(parameter);) {
    if (Same(parameter.name, name, Case::kIgnored)) return parameter;
  }
  return std::nullopt;
}

// Parameters that count even if only one of the URIs has them.
bool MustBeOnBoth(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"user", "ttl", "method", "maddr",
                                                      "transport"};
  for (const std::string_view each : kNames) {
    if (Same(name, each, Case::kIgnored)) return true;
  }
  return false;
}

// Each parameter of `a` against its like in `b`. Of a name that stands twice the first counts.
bool SipParametersMatch(std::string_view a, std::string_view b) {
  ParameterReader reader(a);
  for (Parameter mine; reader.Next(mine);) {
    const auto first = FindEscaped(a, mine.name);
    if (first && first->name.data() != mine.name.data()) continue;
    const auto other = FindEscaped(b, mine.name);
    if (!other ? MustBeOnBoth(mine.name)
               : mine.has_value != other->has_value ||
                     !Same(mine.value, other->value, Case::kIgnored)) {
      return false;
    }
  }
  return true;
}

// "name=value" up to the '&', cut off the front of `headers`.
std::string_view TakeHeader(std::string_view& headers) {
  const std::size_t size = std::min(headers.find('&'), headers.size());
  const std::string_view header = headers.substr(0, size);
  headers.remove_prefix(std::min(size + 1, headers.size()));
  return header;
}

// The name in any case, as header names are. The value by its bytes: what it means depends on the
// header, and two Contacts taken for one would be worse than one taken for two.
bool SameHeader(std::string_view a, std::string_view b) {
  const std::size_t name_a = a.find('='), name_b = b.find('=');
  return Same(a.substr(0, name_a), b.substr(0, name_b), Case::kIgnored) &&
         Same(a.substr(name_a), b.substr(name_b), Case::kMatters);
}

bool EachHeaderIsIn(std::string_view a, std::string_view b) {
  while (!a.empty()) {
    const std::string_view mine = TakeHeader(a);
    bool found = false;
    for (std::string_view rest = b; !rest.empty() && !found;) {
      found = SameHeader(mine, TakeHeader(rest));
    }
    if (!found) return false;
  }
  return true;
}

bool SipEquivalent(const Uri& a, const Uri& b) {
  return a.has_user == b.has_user && a.port == b.port && SameHost(a, b) &&
         Same(a.user, b.user, Case::kMatters) && a.password.empty() == b.password.empty() &&
         Same(a.password, b.password, Case::kMatters) && SipParametersMatch(a.params, b.params) &&
         SipParametersMatch(b.params, a.params) && EachHeaderIsIn(a.headers, b.headers) &&
         EachHeaderIsIn(b.headers, a.headers);
}

constexpr bool IsVisualSeparator(char c) {
  return std::string_view("-.()").find(c) != std::string_view::npos;
}

// Numbers, whatever their separators.
bool SameNumber(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& text) {
    while (!text.empty() && IsVisualSeparator(text.front())) text.remove_prefix(1);
    if (text.empty()) return '\0';
    const char c = ToLower(text.front());
    text.remove_prefix(1);
    return c;
  };
  for (;;) {
    const char c = next(a);
    if (c != next(b)) return false;
    if (c == '\0') return true;
  }
}

bool SameTelParameter(const Parameter& a, const Parameter& b) {
  if (a.has_value != b.has_value) return false;
  const bool number =
      EqualsIgnoreCase(a.name, "ext") || (EqualsIgnoreCase(a.name, "phone-context") &&
                                          a.value.starts_with('+') && b.value.starts_with('+'));
  return number ? SameNumber(a.value, b.value) : Same(a.value, b.value, Case::kIgnored);
}

// A parameter that only one of them has makes them differ.
bool TelParametersMatch(std::string_view a, std::string_view b) {
  ParameterReader reader(a);
  for (Parameter mine; reader.Next(mine);) {
    const auto first = FindEscaped(a, mine.name);
    if (first && first->name.data() != mine.name.data()) continue;
    const auto other = FindEscaped(b, mine.name);
    if (!other || !SameTelParameter(mine, *other)) return false;
  }
  return true;
}

bool TelEquivalent(const Uri& a, const Uri& b) {
  return SameNumber(a.user, b.user) && TelParametersMatch(a.params, b.params) &&
         TelParametersMatch(b.params, a.params);
}

}  // namespace

bool Equivalent(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  switch (a.scheme) {
    case UriScheme::kSip:
    case UriScheme::kSips:
      return SipEquivalent(a, b);
    case UriScheme::kTel:
      return TelEquivalent(a, b);
    case UriScheme::kUrn:
      return UrnEquivalent(a.text, b.text);
    default:
      return a.text == b.text;
  }
}

}  // namespace muster::parser
