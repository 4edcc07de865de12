#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

/// A UDP address. Throws std::runtime_error for text that is not HOST:PORT with a numeric host.
struct SocketAddress {
  static SocketAddress Parse(const std::string& host_port);
  bool is_loopback() const;
  std::string ToString() const;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }

  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// Pins the calling thread to `cpu`.
void PinThread(int cpu);

/// Buffers that hold a burst of some thousand datagrams, as far as the system lets us.
void EnlargeBuffers(int socket);

/// A non-blocking UDP socket with one peer, that moves datagrams in batches. Confined to one
/// thread.
class DatagramSocket {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMaxDatagram = 2'048;

  /// Throws std::system_error.
  explicit DatagramSocket(const SocketAddress& peer);
  ~DatagramSocket();
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;

  /// Puts `bytes`, which must live until Flush, into the batch, and sends that when it is full.
  void Queue(std::string_view bytes);
  void Flush();

  /// Takes what has come, at most a batch. The views live until the next call.
  const std::vector<std::string_view>& Receive();
  /// Waits for something to come, at most so long.
  void Wait(std::chrono::microseconds at_most);

 private:
  struct Buffers;

  int socket_;
  std::size_t queued_ = 0;
  std::unique_ptr<Buffers> buffers_;
  std::vector<std::string_view> received_;
};

}  // namespace muster::bench
