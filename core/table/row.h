#pragma once

// One binding in memory: a fixed part and behind it, in the same block, what differs in size.
//
// Confined to its shard's lock, as is all of the table but Shard itself.

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "muster/core/binding.h"
#include "table/blocks.h"
#include "table/packed_text.h"

namespace muster::core {

inline constexpr std::uint32_t kNoSlot = std::numeric_limits<std::uint32_t>::max();

class Row;
struct RowDeleter {
  void operator()(Row* row) const;
};
using RowPtr = std::unique_ptr<Row, RowDeleter>;

/// Where a row's texts are written that it does not hold as they are.
struct RowRoom {
  RowRoom() {}  // leaves the bytes as they are
  TextRoom contact;
  TextRoom call_id;
  TextRoom instance;
};

class Row {
 public:
  /// Bytes of one string, so that all of a row's begin within 16 bits; what is beyond is cut off.
  /// Limits::kMaxBindingBytes is stricter.
  static constexpr std::size_t kMaxTextBytes = 7'168;
  /// Orders are below this: more than an AoR ever has bindings.
  static constexpr std::uint64_t kMaxOrder = std::uint64_t{1} << 48;

  /// Takes all but registered_at, order, what is interned and what the ExpiryWheel sets from
  /// `binding`. `blocks` outlives the row.
  static RowPtr Make(std::string_view aor, const Binding& binding, Blocks& blocks);

  /// Sets what a refresh sets: nothing that is a string or in an index.
  void SetRefreshed(const Binding& binding);
  /// Writes the same into `binding`.
  void GetRefreshed(Binding& binding) const;

  /// Everything but user_agent. Views live as long as the row and `room`.
  Binding ToBinding(RowRoom& room) const;

  std::string_view aor() const { return Part(kAor, Stored(kTo)); }
  std::string_view user() const;
  std::string_view contact(TextRoom& room) const;
  std::string_view contact_uri(TextRoom& room) const { return Part(kContactUri, contact(room)); }
  std::string_view call_id(TextRoom& room) const { return Unpacked(kCallId, room); }
  std::string_view instance(TextRoom& room) const { return Unpacked(kInstance, room); }
  std::string_view instrument(TextRoom& room) const { return Part(kInstrument, instance(room)); }
  std::string_view path() const { return Stored(kPath); }
  std::string_view q_text() const { return Stored(kQ); }
  IpAddress source_address() const;

  /// A copy of its bytes, in `room` of size() bytes at a multiple of eight. What it has in
  /// Interners is not the copy's.
  const Row& CopyTo(char* room) const;

  /// Asks for its lines of memory all at once: whoever reads it waits for one, not for each.
  void Prefetch() const {
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kUsualBytes = 4 * kLine;
    const char* const begin = reinterpret_cast<const char*>(this);
    for (std::size_t at = 0; at != kUsualBytes; at += kLine) __builtin_prefetch(begin + at);
  }

  /// Bytes of the whole block.
  std::size_t size() const;

  // Nanoseconds since 1970.
  std::int64_t expires_ns = 0;
  std::int64_t registered_ns = 0;
  std::int64_t updated_ns = 0;
  std::uint64_t order : 48 = 0;  // among the bindings of its AoR

 private:
  std::uint64_t form_ : 8 = 0;  // Form bits

 public:
  Transport transport : 8 = Transport::kUdp;
  // The ExpiryWheel's: neighbours in its bucket, by slot.
  std::uint32_t wheel_next = kNoSlot;
  std::uint32_t wheel_previous = kNoSlot;
  std::uint32_t cseq = 0;
  std::uint32_t reg_id = 0;
  // In the Interners of BindingRows.
  std::uint32_t user_agent = 0;
  std::uint32_t domain = 0;
  std::uint16_t wheel_bucket = 0;
  ServerId server = 0;
  std::uint16_t source_port = 0;

 private:
  /// Texts with bytes of their own, in their order.
  enum StoredText { kTo, kContact, kQ, kCallId, kInstance, kPath };
  static constexpr std::size_t kStoredTexts = 6;
  /// Texts that lie in another one: in To, Contact and instance. If one does not, it is apart:
  /// behind all others.
  enum PartText { kAor, kContactUri, kInstrument };
  static constexpr std::size_t kPartTexts = 3;

  enum Form : std::uint8_t {
    kIsWide = 1,  // the numbers have two bytes
    kIsV6 = 2,
    kIsCallIdPacked = 4,
    kIsInstancePacked = 8,
    kIsApart = 16,           // and the next two: by PartText
    kIsContactOfUser = 128,  // it begins with "<sip:", the AoR's user part and '@': not stored
  };

  // The tail: numbers, of one byte each where all are below 256; the address; the stored texts,
  // and those that are apart. The numbers say where each stored text ends, then where each part
  // begins and how long it is.
  static constexpr std::size_t kNumbers = kStoredTexts + 2 * kPartTexts;
  struct Tail;

  Row() = default;
  bool Is(int form) const { return (form_ & static_cast<unsigned>(form)) != 0; }
  std::size_t Number(std::size_t index) const;
  const char* address() const { return tail_ + (Is(kIsWide) ? 2 * kNumbers : kNumbers); }
  const char* texts() const { return address() + (Is(kIsV6) ? 16 : 4); }
  std::string_view Stored(StoredText id) const;
  std::string_view Part(PartText id, std::string_view whole) const;
  std::string_view Unpacked(StoredText id, TextRoom& room) const;

  char tail_[2];  // its first bytes
};
static_assert(sizeof(Row) == 64, "there is no padding, nor anything behind the tail's first bytes");

}  // namespace muster::core
