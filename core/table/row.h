#pragma once

// One binding in memory: a fixed part and behind it, in the same block, its strings.
//
// Confined to its shard's lock, as is all of the table but Shard itself.

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "muster/core/binding.h"

namespace muster::core {

inline constexpr std::uint32_t kNoSlot = std::numeric_limits<std::uint32_t>::max();

class Row;
struct RowDeleter {
  void operator()(Row* row) const;
};
using RowPtr = std::unique_ptr<Row, RowDeleter>;

class Row {
 public:
  /// Bytes of one string, so that all of a row's begin within 16 bits; what is beyond is cut off.
  /// Limits::kMaxBindingBytes is stricter.
  static constexpr std::size_t kMaxTextBytes = 7'168;

  /// Takes all but registered_at, order, what is interned and what the ExpiryWheel sets from
  /// `binding`.
  static RowPtr Make(std::string_view aor, const Binding& binding);

  /// Sets what a refresh sets: nothing that is a string or in an index.
  void SetRefreshed(const Binding& binding);
  /// Whether the strings, but aor and user_agent, are those of `binding`.
  bool HasTextOf(const Binding& binding) const;

  /// Everything but user_agent. Views live as long as the row.
  Binding ToBinding() const;

  std::string_view aor() const { return Text(kAor); }
  std::string_view user() const;
  std::string_view contact() const { return Text(kContact); }
  std::string_view contact_uri() const { return Text(kContactUri); }
  std::string_view call_id() const { return Text(kCallId); }
  std::string_view instance() const { return Text(kInstance); }
  std::string_view instrument() const { return Text(kInstrument); }
  std::string_view path() const { return Text(kPath); }
  std::string_view q_text() const { return Text(kQ); }

  /// Bytes of the whole block.
  std::size_t size() const;

  // Nanoseconds since 1970.
  std::int64_t expires_ns = 0;
  std::int64_t registered_ns = 0;
  std::int64_t updated_ns = 0;
  // The ExpiryWheel's: neighbours in its bucket, by slot.
  std::uint32_t wheel_next = kNoSlot;
  std::uint32_t wheel_previous = kNoSlot;
  std::uint16_t wheel_bucket = 0;

  ServerId server = 0;
  std::uint16_t source_port = 0;
  Transport transport = Transport::kUdp;
  std::uint64_t order = 0;  // among the bindings of its AoR
  std::uint32_t cseq = 0;
  std::uint32_t reg_id = 0;
  // In the Interners of BindingRows.
  std::uint32_t user_agent = 0;
  std::uint32_t domain = 0;
  IpAddress source_address;

 private:
  enum TextId { kTo, kAor, kContact, kContactUri, kQ, kCallId, kInstance, kInstrument, kPath };
  static constexpr std::size_t kTexts = 9;
  struct Piece {
    std::uint16_t begin = 0;
    std::uint16_t size = 0;
  };
  using Pieces = std::array<Piece, kTexts>;
  /// The strings of a row to be, and where each goes.
  struct Layout;

  Row() = default;
  std::string_view Text(TextId id) const {
    return {reinterpret_cast<const char*>(this + 1) + pieces_[id].begin, pieces_[id].size};
  }

  Pieces pieces_;
};

}  // namespace muster::core
