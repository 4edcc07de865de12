#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "muster/core/hash.h"

namespace muster::core {

/// Keeps each text once, for as long as somebody uses it. Thread-compatible.
class Interner {
 public:
  /// Stands for the empty text, without being counted.
  static constexpr std::uint32_t kEmpty = 0;

  /// One more user of `text`. Its id is valid until as many Release as Acquire.
  std::uint32_t Acquire(std::string_view text);
  void Release(std::uint32_t id);
  /// kEmpty for a text that nobody uses.
  std::uint32_t Find(std::string_view text) const {
    const auto found = ids_.find(text);
    return found == ids_.end() ? kEmpty : found->second;
  }
  std::string_view Text(std::uint32_t id) const {
    return {entries_[id].bytes.get(), entries_[id].size};
  }

  /// Texts in use, without the empty one.
  std::size_t size() const { return ids_.size(); }
  std::size_t MemoryBytes() const;

 private:
  struct Entry {
    std::unique_ptr<char[]> bytes;
    std::uint32_t size = 0;
    std::uint32_t users = 0;
  };

  std::vector<Entry> entries_ = std::vector<Entry>(1);
  std::vector<std::uint32_t> free_;
  absl::flat_hash_map<std::string_view, std::uint32_t, TextHash> ids_;  // keys lie in entries_
  std::size_t text_bytes_ = 0;
};

}  // namespace muster::core
