#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster::bench {

/// Texts that repeat, as numbers from 0 on. Thread-compatible.
class Dictionary {
 public:
  /// The number of `text`, new if it has none yet.
  std::int16_t Add(std::string_view text) {
    const auto next = static_cast<std::int16_t>(texts_.size());
    const auto [place, is_new] = numbers_.try_emplace(std::string(text), next);
    if (is_new) texts_.push_back(place->first);
    return place->second;
  }
  /// -1 for a text that was never added.
  std::int16_t Find(std::string_view text) const {
    const auto place = numbers_.find(std::string(text));
    return place == numbers_.end() ? std::int16_t{-1} : place->second;
  }
  /// By number.
  std::span<const std::string> texts() const { return texts_; }
  const std::string& TextOf(std::int64_t number) const {
    return texts_[static_cast<std::size_t>(number)];
  }

 private:
  std::unordered_map<std::string, std::int16_t> numbers_;
  std::vector<std::string> texts_;
};

}  // namespace muster::bench
