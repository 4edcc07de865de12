#include <charconv>

#include "muster/core/location_service.h"
#include "muster/core/mutex.h"
#include "muster/core/text.h"

namespace muster::core {
namespace {

bool AddressIs(const Server& server, std::string_view text, const std::optional<IpAddress>& ip) {
  if (!ip) return EqualsIgnoringCase(server.address, text);
  return IpAddress::Parse(server.address) == ip;
}

}  // namespace

struct ServerRegistry::State {
  mutable Mutex mutex;
  std::vector<Server> servers ABSL_GUARDED_BY(mutex);
};

ServerRegistry::ServerRegistry() : state_(std::make_unique<State>()) {}
ServerRegistry::~ServerRegistry() = default;

ServerId ServerRegistry::Add(const Server& server) {
  MutexLock lock(state_->mutex);
  std::vector<Server>& servers = state_->servers;
  for (std::size_t id = 0; id < servers.size(); ++id) {
    if (servers[id] == server) return static_cast<ServerId>(id);
  }
  if (servers.size() == kMaxServers) return 0;
  servers.push_back(server);
  return static_cast<ServerId>(servers.size() - 1);
}

Server ServerRegistry::Get(ServerId id) const {
  MutexLock lock(state_->mutex);
  return id < state_->servers.size() ? state_->servers[id] : Server();
}

std::size_t ServerRegistry::size() const {
  MutexLock lock(state_->mutex);
  return state_->servers.size();
}

std::vector<ServerId> ServerRegistry::Find(std::string_view text) const {
  if (text.empty()) return {};
  std::uint32_t node_id = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, node_id);
  const bool is_number = error == std::errc() && stop == end;
  const auto ip = IpAddress::Parse(text);

  std::vector<ServerId> found;
  MutexLock lock(state_->mutex);
  for (std::size_t id = 0; id < state_->servers.size(); ++id) {
    const Server& server = state_->servers[id];
    if ((is_number && server.node_id == node_id) || EqualsIgnoringCase(server.node_name, text) ||
        AddressIs(server, text, ip)) {
      found.push_back(static_cast<ServerId>(id));
    }
  }
  return found;
}

std::vector<ServerId> ServerRegistry::FindByPrefix(std::string_view text) const {
  const auto begins = [text](std::string_view name) {
    return name.size() >= text.size() && EqualsIgnoringCase(name.substr(0, text.size()), text);
  };
  std::vector<ServerId> found;
  MutexLock lock(state_->mutex);
  for (std::size_t id = 0; id < state_->servers.size(); ++id) {
    const Server& server = state_->servers[id];
    if (begins(server.node_name) || begins(server.address)) {
      found.push_back(static_cast<ServerId>(id));
    }
  }
  return found;
}

}  // namespace muster::core
