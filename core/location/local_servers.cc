#include "muster/core/local_servers.h"

#include <utility>

namespace muster::core {

LocalServers::LocalServers(Server node, ServerRegistry& registry)
    : node_(std::move(node)), registry_(registry) {
  if (!node_.address.empty()) {
    entries_[0].id = registry_.Add(node_);
    size_.store(1, std::memory_order_release);
  }
}

ServerId LocalServers::For(const IpAddress& local_address) {
  if (!node_.address.empty()) return entries_[0].id;
  const std::size_t size = size_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < size; ++i) {
    if (entries_[i].address == local_address) return entries_[i].id;
  }
  return AddSlowly(local_address);
}

ServerId LocalServers::AddSlowly(const IpAddress& local_address) {
  Server server = node_;
  server.address = local_address.ToString();
  const ServerId id = registry_.Add(server);
  MutexLock lock(mutex_);
  const std::size_t size = size_.load(std::memory_order_relaxed);
  if (size < entries_.size()) {
    entries_[size] = {local_address, id};  // twice, when two threads meet here: harmless
    size_.store(size + 1, std::memory_order_release);
  }
  return id;
}

}  // namespace muster::core
