#include "header_name.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "char_class.h"
#include "muster/parser/message.h"

namespace muster::parser {
namespace {

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

// An open hash table, made by the compiler: length, first and last letter tell the names apart
// well enough that a look-up compares about one name.
constexpr std::size_t kSlots = 128;

constexpr std::size_t SlotOf(std::string_view name) {
  const auto letter = [](char c) { return static_cast<std::size_t>(c) | 0x20; };
  return (name.size() * 7 + letter(name.front()) * 5 + letter(name.back()) * 11) % kSlots;
}

constexpr std::array<std::uint8_t, kSlots> MakeSlots() {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t id = 1; id < kNames.size(); ++id) {
    std::size_t slot = SlotOf(kNames[id]);
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<std::uint8_t>(id);
  }
  return slots;
}

constexpr std::array<std::uint8_t, kSlots> kSlotTable = MakeSlots();

HeaderId LongForm(std::string_view name) {
  for (std::size_t slot = SlotOf(name); kSlotTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const std::string_view candidate = kNames[kSlotTable[slot]];
    if (candidate.size() == name.size() &&
        (std::memcmp(candidate.data(), name.data(), name.size()) == 0 ||
         EqualsIgnoreCase(candidate, name))) {
      return static_cast<HeaderId>(kSlotTable[slot]);
    }
  }
  return HeaderId::kOther;
}

}  // namespace

HeaderId HeaderIdFrom(std::string_view name) {
  name = LongHeaderName(name);
  return name.empty() ? HeaderId::kOther : LongForm(name);
}

std::string_view HeaderName(HeaderId id) { return kNames[static_cast<std::size_t>(id)]; }

std::string_view LongHeaderName(std::string_view name) {
  if (name.size() != 1) return name;
  const std::string_view long_form = CompactForm(name.front());
  return long_form.empty() ? name : long_form;
}

}  // namespace muster::parser
