#include "table/selection.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace muster::core {
namespace {

constexpr std::uint32_t kWordBits = 64;

void Keep(const BlockWords& others, BlockWords& words) {
  for (std::size_t i = 0; i != words.size(); ++i) words[i] &= others[i];
}

void Drop(const BlockWords& others, BlockWords& words) {
  for (std::size_t i = 0; i != words.size(); ++i) words[i] &= ~others[i];
}

/// Appends the slots of bits from `from` on, until there are `most` slots.
void CopyBits(const BlockWords& words, std::uint32_t from, std::uint32_t base, std::size_t most,
              std::vector<std::uint32_t>& slots) {
  std::uint64_t mask = ~std::uint64_t{0} << (from % kWordBits);
  for (std::uint32_t word = from / kWordBits; word != words.size(); ++word) {
    for (std::uint64_t bits = words[word] & mask; bits != 0; bits &= bits - 1) {
      if (slots.size() == most) return;
      slots.push_back(base + word * kWordBits + static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
    mask = ~std::uint64_t{0};
  }
}

/// The slot behind the first `left` bits from `from` on, which are taken off it; kBlockSlots when
/// there are not more.
std::uint32_t SkipBits(const BlockWords& words, std::uint32_t from, std::size_t& left) {
  std::uint64_t mask = ~std::uint64_t{0} << (from % kWordBits);
  for (std::uint32_t word = from / kWordBits; word != words.size(); ++word) {
    std::uint64_t bits = words[word] & mask;
    mask = ~std::uint64_t{0};
    const auto count = static_cast<std::size_t>(std::popcount(bits));
    if (count < left) {
      left -= count;
      continue;
    }
    for (; left > 1; --left) bits &= bits - 1;
    left = 0;
    return word * kWordBits + static_cast<std::uint32_t>(std::countr_zero(bits)) + 1;
  }
  return kBlockSlots;
}

}  // namespace

std::size_t IndexRows::size() const {
  std::size_t size = loose.size();
  for (const SlotSet* set : sets) size += set->size();
  return size;
}

std::size_t IndexRows::CountIn(std::uint32_t block) const {
  auto count = static_cast<std::size_t>(
      std::ranges::count(loose, block, [](std::uint32_t slot) { return slot / kBlockSlots; }));
  for (const SlotSet* set : sets) count += set->CountIn(block);
  return count;
}

void IndexRows::AddTo(std::uint32_t block, BlockWords& words) const {
  for (const SlotSet* set : sets) set->AddTo(block, words);
  for (const std::uint32_t slot : loose) {
    if (slot / kBlockSlots != block) continue;
    words[slot % kBlockSlots / kWordBits] |= std::uint64_t{1} << (slot % kWordBits);
  }
}

Selection::Selection(const SlotSet& all, std::uint32_t end) : all_(all), end_(end) {
  all_rows_.is_known = true;
  all_rows_.sets.push_back(&all_);
}

void Selection::Add(IndexRows rows) {
  const std::size_t number = added_++;
  sets_ += rows.sets.size();
  // What is left when rows are taken out that need not meet the condition is not known.
  if (!rows.is_known || (rows.is_negated && !rows.is_exact)) {
    has_unknown_ = true;
    return;
  }
  conditions_.push_back(std::move(rows));
  added_as_.push_back(number);
  const IndexRows& added = conditions_.back();
  if (!added.is_negated && (leader_ == kAll || added.size() < leader().size())) {
    leader_ = conditions_.size() - 1;
  }
}

std::uint32_t Selection::told() const {
  std::uint32_t told = 0;
  for (std::size_t i = 0; i != conditions_.size(); ++i) {
    const bool is_joined = !is_few() || i == leader_;
    if (is_joined && conditions_[i].is_exact && added_as_[i] < kToldConditions)
      told |= 1U << added_as_[i];
  }
  return told;
}

bool Selection::is_exact() const {
  if (has_unknown_) return false;
  if (is_few() && !is_alone()) return false;
  return std::ranges::all_of(conditions_, &IndexRows::is_exact);
}

std::optional<std::size_t> Selection::leading_condition() const {
  if (leader_ == kAll) return std::nullopt;
  return added_as_[leader_];
}

std::optional<std::size_t> Selection::CountAtOnce() const {
  if (is_alone()) {
    if (leader().is_disjoint) return leader().size();
  } else if (leader_ == kAll && conditions_.size() == 1 && conditions_[0].is_disjoint) {
    return all_.size() - conditions_[0].size();
  }
  return std::nullopt;
}

std::size_t Selection::CountIn(std::uint32_t block) const {
  if (is_alone() && leader().is_disjoint) return leader().CountIn(block);
  if (leader().CountIn(block) == 0) return 0;
  BlockWords words;
  Join(block, words);
  return CountBits(words);
}

void Selection::Join(std::uint32_t block, BlockWords& words) const {
  words.fill(0);
  leader().AddTo(block, words);
  BlockWords others;
  for (std::size_t i = 0; i != conditions_.size(); ++i) {
    if (i == leader_) continue;
    others.fill(0);
    conditions_[i].AddTo(block, others);
    conditions_[i].is_negated ? Drop(others, words) : Keep(others, words);
  }
}

std::uint32_t Selection::CopyFrom(std::uint32_t from, std::size_t most,
                                  std::vector<std::uint32_t>& slots) const {
  slots.clear();
  if (most == 0) return from;
  if (is_few()) return CopyFew(from, most, slots);
  if (is_alone() && leader().sets.size() == 1 && leader().loose.empty()) {
    slots.resize(std::min(most, leader().size()));
    slots.resize(leader().sets[0]->CopyFrom(from, slots));
    return slots.size() < most ? end_ : slots.back() + 1;
  }
  return CopyJoined(from, most, slots);
}

std::uint32_t Selection::CopyFew(std::uint32_t from, std::size_t most,
                                 std::vector<std::uint32_t>& slots) const {
  for (const SlotSet* set : leader().sets) {
    const std::size_t begin = slots.size();
    slots.resize(begin + set->size());
    const std::span<std::uint32_t> room(slots.data() + begin, set->size());
    slots.resize(begin + set->CopyFrom(from, room));
  }
  std::ranges::copy_if(leader().loose, std::back_inserter(slots),
                       [from](std::uint32_t slot) { return slot >= from; });
  std::ranges::sort(slots);
  const auto repeated = std::ranges::unique(slots);
  slots.erase(repeated.begin(), repeated.end());
  if (slots.size() <= most) return end_;
  slots.resize(most);
  return slots.back() + 1;
}

std::uint32_t Selection::CopyJoined(std::uint32_t from, std::size_t most,
                                    std::vector<std::uint32_t>& slots) const {
  BlockWords words;
  for (std::uint32_t joined = 0; from < end_ && joined != blocks_at_once(); ++joined) {
    const std::uint32_t block = from / kBlockSlots;
    if (leader().CountIn(block) != 0) {
      Join(block, words);
      CopyBits(words, from % kBlockSlots, block * kBlockSlots, most, slots);
      if (slots.size() == most) return slots.back() + 1;
    }
    from = (block + 1) * kBlockSlots;
  }
  return from;
}

std::uint32_t Selection::Skip(std::uint32_t from, std::size_t& left) const {
  BlockWords words;
  for (std::uint32_t joined = 0; from < end_ && left != 0 && joined != blocks_at_once(); ++joined) {
    const std::uint32_t block = from / kBlockSlots;
    const bool is_whole = from % kBlockSlots == 0;
    const std::size_t count = is_whole ? CountIn(block) : 0;
    if (is_whole && count <= left) {
      left -= count;
      from = (block + 1) * kBlockSlots;
      continue;
    }
    Join(block, words);
    from = block * kBlockSlots + SkipBits(words, from % kBlockSlots, left);
  }
  return from;
}

}  // namespace muster::core
