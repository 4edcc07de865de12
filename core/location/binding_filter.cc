#include <algorithm>
#include <utility>

#include "muster/core/location_service.h"

namespace muster::core {

BindingFilter BindingFilter::All() { return {}; }

BindingFilter BindingFilter::User(std::string_view user) {
  BindingFilter filter;
  filter.field_ = Field::kUser;
  filter.text_.resize(3 * user.size());
  filter.text_.resize(CanonicalUser(user, filter.text_.data()));
  return filter;
}

std::optional<BindingFilter> BindingFilter::ByAor(std::string_view text) {
  const auto aor = Aor::Parse(text);
  if (!aor) return std::nullopt;
  BindingFilter filter;
  filter.field_ = Field::kAor;
  filter.text_ = aor->text();
  return filter;
}

BindingFilter BindingFilter::Instrument(std::string_view instrument) {
  BindingFilter filter;
  filter.field_ = Field::kInstrument;
  filter.text_ = NormalizeMac(instrument).value_or(std::string(instrument));
  return filter;
}

std::optional<BindingFilter> BindingFilter::Ip(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  if (!address) return std::nullopt;
  BindingFilter filter;
  filter.field_ = Field::kIp;
  filter.ip_ = *address;
  return filter;
}

BindingFilter BindingFilter::CallId(std::string_view call_id) {
  BindingFilter filter;
  filter.field_ = Field::kCallId;
  filter.text_ = call_id;
  return filter;
}

BindingFilter BindingFilter::Servers(std::vector<ServerId> servers) {
  BindingFilter filter;
  filter.field_ = Field::kServer;
  filter.servers_ = std::move(servers);
  std::ranges::sort(filter.servers_);
  const auto repeated = std::ranges::unique(filter.servers_);
  filter.servers_.erase(repeated.begin(), repeated.end());
  return filter;
}

}  // namespace muster::core
