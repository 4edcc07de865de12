#include "key_lookup.h"

#include <algorithm>
#include <cstddef>

namespace muster::http {
namespace {

/// Of all conditions together: each is looked up in every shard.
constexpr std::size_t kMaxValues = 16;

bool IsKey(const core::Condition& condition) {
  const auto field = static_cast<core::BindingField>(condition.field);
  return core::InfoOf(field).index == core::FieldIndex::kExact && !condition.is_negated &&
         std::ranges::none_of(condition.texts, &core::TextValue::is_prefix);
}

}  // namespace

bool IsKeyLookup(const core::BindingFilter& filter) {
  std::size_t values = 0;
  for (const core::Condition& condition : filter.conditions()) values += condition.size();
  return values <= kMaxValues && std::ranges::any_of(filter.conditions(), IsKey);
}

}  // namespace muster::http
