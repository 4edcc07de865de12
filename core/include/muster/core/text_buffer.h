#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace muster::core {

/// Text of bounded size, built piece by piece without allocating. A piece that does not fit is left
/// out whole, and overflowed() says so from then on.
template <std::size_t kCapacity>
class TextBuffer {
 public:
  void Clear() {
    size_ = 0;
    overflowed_ = false;
  }

  void Append(std::string_view piece) {
    if (piece.size() > kCapacity - size_) {
      overflowed_ = true;
      return;
    }
    std::memcpy(bytes_.data() + size_, piece.data(), piece.size());
    size_ += piece.size();
  }

  /// Append without the line ends of folded header values (RFC 3261 7.3.1): the white space behind
  /// them stays.
  void AppendUnfolded(std::string_view piece) {
    constexpr auto kIsLineEnd = [](char c) { return c == '\r' || c == '\n'; };
    while (!piece.empty()) {
      const auto end = std::find_if(piece.begin(), piece.end(), kIsLineEnd);
      Append({piece.begin(), end});
      piece = {end == piece.end() ? end : end + 1, piece.end()};
    }
  }

  std::string_view text() const { return {bytes_.data(), size_}; }
  std::size_t size() const { return size_; }
  bool overflowed() const { return overflowed_; }

 private:
  std::array<char, kCapacity> bytes_;
  std::size_t size_ = 0;
  bool overflowed_ = false;
};

}  // namespace muster::core
