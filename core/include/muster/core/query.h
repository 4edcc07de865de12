#pragma once

// Questions about rows of any kind: conditions on their fields, joined by "and". Each row kind
// says which fields it has, of which type, and which of them have an index (binding_filter.h).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "muster/core/endpoint.h"

namespace muster::core {

/// What a field holds, and so which of a Condition's values speak of it.
enum class FieldType : std::uint8_t {
  kText,     // texts
  kNumber,   // ranges
  kTime,     // ranges, in nanoseconds since 1970
  kAddress,  // blocks
};

/// How rows are found by a field.
enum class FieldIndex : std::uint8_t {
  kNone,     // by looking at each row that the other conditions leave
  kExact,    // whole texts: a probe. Beginnings of texts: as kNone
  kValues,   // few different values: a set of rows for each
  kAddress,  // addresses, and blocks of 8, 16 and 24 bits (IPv6: 32, 48, 56 and 64)
};

/// A whole text, or the beginning of one.
struct TextValue {
  std::string text;
  bool is_prefix = false;

  bool Matches(std::string_view other) const {
    return is_prefix ? other.starts_with(text) : other == text;
  }
};

/// From `first` to `last`, both included.
struct NumberRange {
  std::int64_t first = 0;
  std::int64_t last = 0;

  bool Contains(std::int64_t number) const { return first <= number && number <= last; }
};

/// The addresses that agree with `address` in the first `bits` bits (RFC 4632). An IPv4 block has
/// at least 96, those of the mapped form; an IPv6 block never holds an IPv4 address.
struct AddressBlock {
  IpAddress address;  // zeros behind `bits`
  std::uint8_t bits = 128;

  /// The block of that size in which the address lies.
  static AddressBlock Around(const IpAddress& address, std::uint8_t bits);
  bool Contains(const IpAddress& other) const;
  friend bool operator==(const AddressBlock&, const AddressBlock&) = default;
};

/// What a row must have in one field: any of the values, or, negated, none of them. A row without
/// the field has none of any values.
struct Condition {
  std::uint8_t field = 0;  // by its number in the row kind
  bool is_negated = false;
  std::vector<TextValue> texts;
  std::vector<NumberRange> ranges;
  std::vector<AddressBlock> blocks;

  std::size_t size() const { return texts.size() + ranges.size() + blocks.size(); }
};

}  // namespace muster::core
