#include "table/interner.h"

#include <algorithm>
#include <utility>

#include "muster/core/text.h"

namespace muster::core {

std::uint32_t Interner::Acquire(std::string_view text) {
  if (text.empty()) return kEmpty;
  if (const auto found = ids_.find(text); found != ids_.end()) {
    ++entries_[found->second].users;
    return found->second;
  }
  Entry entry{std::make_unique_for_overwrite<char[]>(text.size()),
              static_cast<std::uint32_t>(text.size()), 1};
  CopyText(text, entry.bytes.get());
  text_bytes_ += text.size();
  std::uint32_t id = static_cast<std::uint32_t>(entries_.size());
  if (free_.empty()) {
    entries_.push_back(std::move(entry));
  } else {
    id = free_.back();
    free_.pop_back();
    entries_[id] = std::move(entry);
  }
  ids_.emplace(Text(id), id);
  return id;
}

void Interner::Release(std::uint32_t id) {
  if (id == kEmpty || --entries_[id].users > 0) return;
  text_bytes_ -= entries_[id].size;
  ids_.erase(Text(id));
  entries_[id] = Entry();
  free_.push_back(id);
}

std::size_t Interner::MemoryBytes() const {
  constexpr std::size_t kControlBytes = 1;  // of flat_hash_map, per place
  return text_bytes_ + entries_.capacity() * sizeof(Entry) +
         free_.capacity() * sizeof(std::uint32_t) +
         ids_.capacity() * (sizeof(std::pair<std::string_view, std::uint32_t>) + kControlBytes);
}

}  // namespace muster::core
