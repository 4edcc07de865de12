#include "header_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

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

// A name as numbers: its letters in lower case, zeros in front of them. Only of '-' and letters, or
// else setting their sixth bit could make one name of another.
struct Key {
  std::uint64_t words[3] = {};
};
static_assert(sizeof(Key) == kLongestHeaderName);

// Of a name's last word and size: what tells the known names apart.
constexpr std::uint64_t Digest(std::uint64_t word, std::size_t size) { return word + size; }

constexpr std::size_t kSlots = 256;

// No table has a slot that two names want: the multiplier was looked for until there was none.
struct NameTable {
  struct Entry {
    Key key;
    HeaderId id = HeaderId::kOther;
  };
  std::uint64_t multiplier = 0;
  std::array<Entry, kSlots> entries;

  constexpr std::size_t SlotOf(const Key& key, std::size_t size) const {
    return Digest(key.words[2], size) * multiplier >> 56;
  }

  constexpr bool Add(std::string_view name, HeaderId id) {
    Key key;
    std::size_t i = kLongestHeaderName - name.size();
    for (const char c : name) {
      key.words[i / 8] |= (static_cast<std::uint64_t>(c) | 0x20) << i % 8 * 8;
      ++i;
    }
    Entry& entry = entries[SlotOf(key, name.size())];
    if (entry.id != HeaderId::kOther) return false;
    entry = {key, id};
    return true;
  }

  constexpr bool AddAll() {
    for (std::size_t id = 1; id != kNames.size(); ++id) {
      if (!Add(kNames[id], static_cast<HeaderId>(id))) return false;
      for (char c = 'a'; c <= 'z'; ++c) {
        const bool compact = CompactForm(c) == kNames[id];
        if (compact && !Add({&c, 1}, static_cast<HeaderId>(id))) return false;
      }
    }
    return true;
  }
};

constexpr NameTable MakeTable() {
  std::uint64_t multiplier = 0x9E37'79B9'7F4A'7C15;
  for (;;) {
    NameTable table;
    table.multiplier = multiplier;
    if (table.AddAll()) return table;
    multiplier = multiplier * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
  }
}

constexpr NameTable kTable = MakeTable();

// From `size` on: a mask for each byte of a key.
constexpr auto kMasks = [] {
  std::array<char, 2 * kLongestHeaderName> masks{};
  for (std::size_t i = 0; i != kLongestHeaderName; ++i) masks[kLongestHeaderName + i] = '\xFF';
  return masks;
}();

}  // namespace

HeaderId HeaderIdOfToken(const char* end, std::size_t size) {
  constexpr std::uint64_t kLowerCase = 0x2020'2020'2020'2020;
  if (size > kLongestHeaderName) return HeaderId::kOther;
  Key key, mask;
  std::memcpy(key.words, end - sizeof(key), sizeof(key));
  std::memcpy(mask.words, kMasks.data() + size, sizeof(mask));
  key.words[0] = (key.words[0] | kLowerCase) & mask.words[0];
  key.words[1] = (key.words[1] | kLowerCase) & mask.words[1];
  key.words[2] = (key.words[2] | kLowerCase) & mask.words[2];
  const NameTable::Entry& entry = kTable.entries[kTable.SlotOf(key, size)];
  const auto difference = (key.words[0] ^ entry.key.words[0]) |
                          (key.words[1] ^ entry.key.words[1]) | (key.words[2] ^ entry.key.words[2]);
  return difference == 0 ? entry.id : HeaderId::kOther;
}

HeaderId HeaderIdFrom(std::string_view name) {
  if (name.empty() || name.size() > kLongestHeaderName) return HeaderId::kOther;
  std::array<char, kLongestHeaderName> padded{};
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
