#pragma once

// Texts that begin with digits of random numbers, as phones name devices and calls, in half the
// bytes:
//
//   "urn:uuid:00000000-0000-1000-8000-0004f2abcdef"   (RFC 5626 4.1)
//   "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", also with something behind
//   "a84b4c76e667104711@10.0.0.1": lower-case hex digits, then anything

#include <array>
#include <cstddef>
#include <string_view>

namespace muster::core {

/// Bytes of a text that is packed; longer ones stay as they are.
inline constexpr std::size_t kMostUnpacked = 112;
using TextRoom = std::array<char, kMostUnpacked>;

/// Packs `text` into `room`. Empty when that would save nothing.
std::string_view PackText(std::string_view text, TextRoom& room);
/// What was packed, in `room`.
std::string_view UnpackText(std::string_view packed, TextRoom& room);

}  // namespace muster::core
