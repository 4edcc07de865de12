#include <algorithm>
#include <cstring>
#include <functional>

#include "muster/core/location_service.h"

namespace muster::core {
namespace {

/// `part`, which lies in `whole`, as a view into `copy` of it; nullopt when it lies elsewhere.
std::optional<std::string_view> Rebase(std::string_view part, std::string_view whole,
                                       std::string_view copy) {
  const std::less_equal<const char*> at_or_before;
  const bool inside = at_or_before(whole.data(), part.data()) &&
                      at_or_before(part.data() + part.size(), whole.data() + whole.size());
  if (!inside) return std::nullopt;
  return copy.substr(static_cast<std::size_t>(part.data() - whole.data()), part.size());
}

}  // namespace

void BindingPage::Clear() {
  rows_.clear();
  block_ = 0;
  block_used_ = 0;
}

char* BindingPage::Take(std::size_t bytes) {
  constexpr std::size_t kUnit = 8;
  bytes = (bytes + kUnit - 1) / kUnit * kUnit;
  while (block_ < blocks_.size() && blocks_[block_].size - block_used_ < bytes) {
    ++block_;
    block_used_ = 0;
  }
  if (block_ == blocks_.size()) {
    const std::size_t size = std::max(kBlockBytes, bytes);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  }
  char* const taken = blocks_[block_].bytes.get() + block_used_;
  block_used_ += bytes;
  return taken;
}

std::string_view BindingPage::Keep(std::string_view text) {
  if (text.empty()) return {};
  char* const kept = Take(text.size());
  std::memcpy(kept, text.data(), text.size());
  return {kept, text.size()};
}

std::string_view BindingPage::KeepPart(std::string_view part, std::string_view whole,
                                       std::string_view copy) {
  const auto rebased = Rebase(part, whole, copy);
  return rebased ? *rebased : Keep(part);
}

void BindingPage::Append(const Binding& binding) {
  Binding& row = rows_.emplace_back(binding);
  row.to_uri = Keep(binding.to_uri);
  row.aor = KeepPart(binding.aor, binding.to_uri, row.to_uri);
  row.user = KeepPart(binding.user, binding.aor, row.aor);
  row.contact = Keep(binding.contact);
  row.contact_uri = KeepPart(binding.contact_uri, binding.contact, row.contact);
  row.q_text = Keep(binding.q_text);
  row.call_id = Keep(binding.call_id);
  row.instance = Keep(binding.instance);
  row.instrument = KeepPart(binding.instrument, binding.instance, row.instance);
  row.path = Keep(binding.path);
  row.user_agent = Keep(binding.user_agent);
}

}  // namespace muster::core
