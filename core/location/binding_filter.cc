#include "muster/core/binding_filter.h"

#include <string>
#include <utility>

#include "muster/core/aor.h"

namespace muster::core {
namespace {

Condition Text(std::string_view text) {
  Condition condition;
  condition.texts.push_back({std::string(text), false});
  return condition;
}

}  // namespace

void BindingFilter::Add(BindingField field, Condition condition) {
  condition.field = static_cast<std::uint8_t>(field);
  conditions_.push_back(std::move(condition));
}

BindingFilter BindingFilter::User(std::string_view user) {
  std::string canonical(3 * user.size(), '\0');
  canonical.resize(CanonicalUser(user, canonical.data()));
  BindingFilter filter;
  filter.Add(BindingField::kUser, Text(canonical));
  return filter;
}

std::optional<BindingFilter> BindingFilter::ByAor(std::string_view text) {
  const auto aor = Aor::Parse(text);
  if (!aor) return std::nullopt;
  BindingFilter filter;
  filter.Add(BindingField::kAor, Text(aor->text()));
  return filter;
}

BindingFilter BindingFilter::Instrument(std::string_view instrument) {
  BindingFilter filter;
  filter.Add(BindingField::kInstrument,
             Text(NormalizeMac(instrument).value_or(std::string(instrument))));
  return filter;
}

std::optional<BindingFilter> BindingFilter::Ip(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  if (!address) return std::nullopt;
  Condition condition;
  condition.blocks.push_back({*address});
  BindingFilter filter;
  filter.Add(BindingField::kIp, std::move(condition));
  return filter;
}

BindingFilter BindingFilter::CallId(std::string_view call_id) {
  BindingFilter filter;
  filter.Add(BindingField::kCallId, Text(call_id));
  return filter;
}

BindingFilter BindingFilter::Servers(const std::vector<ServerId>& servers) {
  Condition condition;
  for (const ServerId server : servers) condition.ranges.push_back({server, server});
  BindingFilter filter;
  filter.Add(BindingField::kServer, std::move(condition));
  return filter;
}

}  // namespace muster::core
