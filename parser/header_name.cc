#include "header_name.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "char_class.h"
#include "muster/parser/message.h"

namespace muster::parser {
namespace {

using header_name_internal::Key;
using header_name_internal::kLongestName;
using header_name_internal::NameTable;

// In the order of HeaderId.
constexpr std::array<std::string_view, 35> kNames = {"",
                                                     "Accept",
                                                     "Allow",
                                                     "Authentication-Info",
                                                     "Authorization",
                                                     "Call-ID",
                                                     "Contact",
                                                     "Content-Length",
                                                     "Content-Type",
                                                     "CSeq",
                                                     "Date",
                                                     "Event",
                                                     "Expires",
                                                     "From",
                                                     "Max-Forwards",
                                                     "Min-Expires",
                                                     "P-Associated-URI",
                                                     "Path",
                                                     "Proxy-Authenticate",
                                                     "Proxy-Authorization",
                                                     "Proxy-Require",
                                                     "Record-Route",
                                                     "Require",
                                                     "Retry-After",
                                                     "Route",
                                                     "Server",
                                                     "Service-Route",
                                                     "Subscription-State",
                                                     "Supported",
                                                     "To",
                                                     "Unsupported",
                                                     "User-Agent",
                                                     "Via",
                                                     "Warning",
                                                     "WWW-Authenticate"};

constexpr std::string_view CompactForm(char c) {
  switch (ToLower(c)) {
    case 'a':
      return "Accept-Contact";
    case 'b':
      return "Referred-By";
    case 'c':
      return "Content-Type";
    case 'd':
      return "Request-Disposition";
    case 'e':
      return "Content-Encoding";
    case 'f':
      return "From";
    case 'i':
      return "Call-ID";
    case 'j':
      return "Reject-Contact";
    case 'k':
      return "Supported";
    case 'l':
      return "Content-Length";
    case 'm':
      return "Contact";
    case 'n':
      return "Identity-Info";
    case 'o':
      return "Event";
    case 'r':
      return "Refer-To";
    case 's':
      return "Subject";
    case 't':
      return "To";
    case 'u':
      return "Allow-Events";
    case 'v':
      return "Via";
    case 'x':
      return "Session-Expires";
    case 'y':
      return "Identity";
    default:
      return {};
  }
}

constexpr bool Add(NameTable& table, std::string_view name, HeaderId id) {
  const auto lower_case = [&name](std::size_t at) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(name[at])) | 0x20;
  };
  Key key;
  std::uint32_t begin = 0;
  for (std::size_t i = kHeaderNameBytes, at = name.size(); i != 0 && at != 0;) {
    --i;
    key.words[i / 8] |= lower_case(--at) << i % 8 * 8;
  }
  for (std::size_t i = 0; name.size() > kHeaderNameBytes && i != sizeof(begin); ++i) {
    begin |= static_cast<std::uint32_t>(lower_case(i) << i * 8);
  }
  NameTable::Entry& entry = table.entries[table.SlotOf(key.words[1], name.size())];
  if (entry.id != HeaderId::kOther) return false;
  entry = {key, begin, static_cast<std::uint8_t>(name.size()), id};
  return true;
}

constexpr bool AddAll(NameTable& table) {
  for (std::size_t id = 1; id != kNames.size(); ++id) {
    if (!Add(table, kNames[id], static_cast<HeaderId>(id))) return false;
    for (char c = 'a'; c <= 'z'; ++c) {
      const bool compact = CompactForm(c) == kNames[id];
      if (compact && !Add(table, {&c, 1}, static_cast<HeaderId>(id))) return false;
    }
  }
  return true;
}

constexpr NameTable MakeTable() {
  std::uint64_t multiplier = 0x9E37'79B9'7F4A'7C15;
  for (;;) {
    NameTable table;
    table.multiplier = multiplier;
    if (AddAll(table)) return table;
    multiplier = multiplier * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
  }
}

}  // namespace

constexpr NameTable header_name_internal::kNameTable = MakeTable();

HeaderId HeaderIdFrom(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return HeaderId::kOther;
  std::array<char, kLongestName> padded{};
  std::copy_backward(name.begin(), name.end(), padded.end());
  const HeaderId id = HeaderIdOfToken(padded.data() + padded.size(), name.size());
  return EqualsIgnoreCase(LongHeaderName(name), HeaderName(id)) ? id : HeaderId::kOther;
}

std::string_view HeaderName(HeaderId id) { return kNames[static_cast<std::size_t>(id)]; }

std::string_view LongHeaderName(std::string_view name) {
  if (name.size() != 1) return name;
  const std::string_view long_form = CompactForm(name.front());
  return long_form.empty() ? name : long_form;
}

}  // namespace muster::parser
