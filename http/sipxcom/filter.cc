#include "filter.h"

namespace muster::http::sipxcom {
namespace {

using core::BindingFilter;

Selection Selected(std::optional<BindingFilter> filter) {
  if (!filter) return {};
  return {Selection::Kind::kFilter, *std::move(filter)};
}

Selection SelectServer(std::string_view value, const core::ServerRegistry& servers) {
  std::vector<core::ServerId> ids = servers.Find(value);
  if (ids.empty()) return {Selection::Kind::kNotFound, BindingFilter::All()};
  return Selected(BindingFilter::Servers(std::move(ids)));
}

}  // namespace

Selection Select(Resource resource, std::string_view value, const core::ServerRegistry& servers) {
  if (resource != Resource::kAll && value.empty()) return {};
  switch (resource) {
    case Resource::kAll:
      return Selected(BindingFilter::All());
    case Resource::kUser:
      // A literal '@' is in no user part (it would be escaped), so it makes a whole AoR.
      return Selected(value.find('@') == std::string_view::npos ? BindingFilter::User(value)
                                                                : BindingFilter::ByAor(value));
    case Resource::kSerialNo:
      return Selected(BindingFilter::Instrument(value));
    case Resource::kIp:
      return Selected(BindingFilter::Ip(value));
    case Resource::kCallId:
      return Selected(BindingFilter::CallId(value));
    case Resource::kServer:
      return SelectServer(value, servers);
  }
  return {};
}

}  // namespace muster::http::sipxcom
