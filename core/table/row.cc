#include "table/row.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <type_traits>

#include "muster/core/text.h"

namespace muster::core {
namespace {

constexpr std::size_t kV6Bytes = 16;
constexpr std::size_t kV4Bytes = 4;  // the last ones of the mapped form
constexpr std::string_view kContactHead = "<sip:";

std::string_view UserOf(std::string_view aor) {
  // In canonical text the only '@' is the one behind the user part.
  const std::size_t at = aor.find('@');
  return at == std::string_view::npos ? std::string_view() : aor.substr(0, at);
}

/// Whether `contact` begins with kContactHead, `user` and '@'.
bool IsContactOf(std::string_view user, std::string_view contact) {
  if (user.empty() || !contact.starts_with(kContactHead)) return false;
  contact.remove_prefix(kContactHead.size());
  return contact.starts_with(user) && contact.substr(user.size()).starts_with('@');
}

}  // namespace

/// A tail to be.
struct Row::Tail {
  std::uint8_t form = 0;
  std::array<std::uint16_t, kNumbers> numbers{};
  std::span<const std::uint8_t> address;
  std::array<std::string_view, kStoredTexts + kPartTexts> texts;
  std::size_t text_bytes = 0;
  RowRoom room;

  void Store(StoredText id, std::string_view text) {
    texts[id] = text.substr(0, kMaxTextBytes);
    text_bytes += texts[id].size();
    numbers[id] = static_cast<std::uint16_t>(text_bytes);
  }
  void StoreContact(std::string_view user, std::string_view contact) {
    if (contact.size() <= kMostUnpacked && IsContactOf(user, contact)) {
      form |= kIsContactOfUser;
      contact.remove_prefix(kContactHead.size() + user.size() + 1);
    }
    Store(kContact, contact);
  }
  void StorePacked(StoredText id, Form form_bit, std::string_view text, TextRoom& packed_room) {
    const std::string_view packed = PackText(text, packed_room);
    if (!packed.empty()) form |= form_bit;
    Store(id, packed.empty() ? text : packed);
  }
  /// Behind all Store.
  void StorePart(PartText id, std::string_view part, std::string_view whole) {
    part = part.substr(0, kMaxTextBytes);
    std::size_t begin = whole.substr(0, kMaxTextBytes).find(part);
    if (begin == std::string_view::npos) {
      form |= static_cast<std::uint8_t>(kIsApart << id);
      texts[kStoredTexts + id] = part;
      begin = text_bytes;
      text_bytes += part.size();
    }
    numbers[kStoredTexts + 2 * id] = static_cast<std::uint16_t>(begin);
    numbers[kStoredTexts + 2 * id + 1] = static_cast<std::uint16_t>(part.size());
  }
  void Finish(const IpAddress& source) {
    address = source.bytes();
    if (source.is_v4()) {
      address = address.last(kV4Bytes);
    } else {
      form |= kIsV6;
    }
    if (std::ranges::max(numbers) > std::numeric_limits<std::uint8_t>::max()) form |= kIsWide;
  }

  std::size_t number_bytes() const { return (form & kIsWide) != 0 ? 2 * kNumbers : kNumbers; }
  std::size_t size() const { return number_bytes() + address.size() + text_bytes; }
  void CopyTo(char* out) const {
    if ((form & kIsWide) != 0) {
      std::memcpy(out, numbers.data(), number_bytes());
    } else {
      std::ranges::transform(numbers, out, [](std::uint16_t n) { return static_cast<char>(n); });
    }
    out = std::ranges::copy(address, out + number_bytes()).out;
    for (const std::string_view text : texts) out = CopyText(text, out);
  }
};

void RowDeleter::operator()(Row* row) const {
  const std::size_t bytes = row->size();
  row->~Row();
  Blocks::Free(row, bytes);
}

RowPtr Row::Make(std::string_view aor, const Binding& binding, Blocks& blocks) {
  static_assert((kStoredTexts + kPartTexts) * kMaxTextBytes <
                std::numeric_limits<std::uint16_t>::max());
  Tail tail;
  tail.Store(kTo, binding.to_uri);
  tail.StoreContact(UserOf(aor), binding.contact);
  tail.Store(kQ, binding.q_text);
  tail.StorePacked(kCallId, kIsCallIdPacked, binding.call_id, tail.room.call_id);
  tail.StorePacked(kInstance, kIsInstancePacked, binding.instance, tail.room.instance);
  tail.Store(kPath, binding.path);
  tail.StorePart(kAor, aor, binding.to_uri);
  tail.StorePart(kContactUri, binding.contact_uri, binding.contact);
  tail.StorePart(kInstrument, binding.instrument, binding.instance);
  tail.Finish(binding.source_address);

  void* const block = blocks.Take(sizeof(Row) - sizeof(tail_) + tail.size());
  RowPtr row(new (block) Row);
  row->form_ = tail.form;
  tail.CopyTo(row->tail_);
  row->server = binding.server;
  row->SetRefreshed(binding);
  return row;
}

void Row::SetRefreshed(const Binding& binding) {
  expires_ns = absl::ToUnixNanos(binding.expires_at);
  updated_ns = absl::ToUnixNanos(binding.updated_at);
  source_port = binding.source_port;
  transport = binding.transport;
  cseq = binding.cseq;
  reg_id = binding.reg_id;
}

void Row::GetRefreshed(Binding& binding) const {
  binding.expires_at = absl::FromUnixNanos(expires_ns);
  binding.updated_at = absl::FromUnixNanos(updated_ns);
  binding.source_port = source_port;
  binding.transport = transport;
  binding.cseq = cseq;
  binding.reg_id = reg_id;
}

Binding Row::ToBinding(RowRoom& room) const {
  Binding binding;
  binding.aor = aor();
  binding.user = user();
  binding.to_uri = Stored(kTo);
  binding.contact = contact(room.contact);
  binding.contact_uri = Part(kContactUri, binding.contact);
  binding.q_text = q_text();
  binding.call_id = call_id(room.call_id);
  binding.instance = instance(room.instance);
  binding.instrument = Part(kInstrument, binding.instance);
  binding.path = path();
  binding.source_address = source_address();
  binding.server = server;
  binding.registered_at = absl::FromUnixNanos(registered_ns);
  GetRefreshed(binding);
  return binding;
}

std::string_view Row::user() const { return UserOf(aor()); }

std::string_view Row::contact(TextRoom& room) const {
  const std::string_view stored = Stored(kContact);
  if (!Is(kIsContactOfUser)) return stored;
  char* out = CopyText(kContactHead, room.data());
  out = CopyText(user(), out);
  *out++ = '@';
  out = CopyText(stored, out);
  return {room.data(), out};
}

IpAddress Row::source_address() const {
  std::array<std::uint8_t, kV6Bytes> bytes{};
  if (Is(kIsV6)) {
    std::memcpy(bytes.data(), address(), kV6Bytes);
  } else {
    bytes[10] = bytes[11] = 0xFF;
    std::memcpy(bytes.data() + kV6Bytes - kV4Bytes, address(), kV4Bytes);
  }
  return IpAddress::FromV6(bytes);
}

const Row& Row::CopyTo(char* room) const {
  static_assert(std::is_trivially_copyable_v<Row>);
  std::memcpy(room, this, size());
  return *std::launder(reinterpret_cast<const Row*>(room));
}

std::size_t Row::size() const {
  std::size_t text_bytes = Number(kPath);
  for (std::size_t id = 0; id != kPartTexts; ++id) {
    if (Is(kIsApart << id)) text_bytes += Number(kStoredTexts + 2 * id + 1);
  }
  return static_cast<std::size_t>(texts() - reinterpret_cast<const char*>(this)) + text_bytes;
}

std::size_t Row::Number(std::size_t index) const {
  if (!Is(kIsWide)) return static_cast<std::uint8_t>(tail_[index]);
  std::uint16_t number = 0;
  std::memcpy(&number, tail_ + index * sizeof(number), sizeof(number));
  return number;
}

std::string_view Row::Stored(StoredText id) const {
  const std::size_t begin = id == 0 ? 0 : Number(std::size_t{id} - 1);
  return {texts() + begin, Number(id) - begin};
}

std::string_view Row::Part(PartText id, std::string_view whole) const {
  const char* const from = Is(kIsApart << id) ? texts() : whole.data();
  return {from + Number(kStoredTexts + 2 * id), Number(kStoredTexts + 2 * id + 1)};
}

std::string_view Row::Unpacked(StoredText id, TextRoom& room) const {
  const std::string_view stored = Stored(id);
  const bool is_packed = Is(id == kCallId ? kIsCallIdPacked : kIsInstancePacked);
  return is_packed ? UnpackText(stored, room) : stored;
}

}  // namespace muster::core
