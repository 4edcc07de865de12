#pragma once

// SIP clients on plain sockets. Every wait gives up after ten seconds, which a test sees as an
// answer that did not come.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sip_text.h"

namespace muster::testing {

inline constexpr std::chrono::milliseconds kPatience{10'000};

struct HostPort {
  std::string host;  // an address, IPv6 without brackets
  std::uint16_t port = 0;

  /// "127.0.0.1:5060", "[::1]:5060".
  std::string ToString() const;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// An address of 127.0.0.0/8 that no other test process uses, for well-known ports. `index` < 4.
std::string OwnLoopbackAddress(unsigned index = 0);

struct Datagram {
  std::string bytes;
  HostPort from;
};

class UdpClient {
 public:
  /// `port` 0 = any.
  explicit UdpClient(HostPort server, const std::string& host = "127.0.0.1",
                     std::uint16_t port = 0);
  ~UdpClient();
  UdpClient(const UdpClient&) = delete;
  UdpClient& operator=(const UdpClient&) = delete;

  const HostPort& local() const { return local_; }
  /// "SIP/2.0/UDP host:port;rport;branch=..." with a new branch.
  std::string Via() const;

  void Send(std::string_view bytes);
  /// With a Via of its own when `request` has none.
  void Send(Request request);
  std::optional<Datagram> ReceiveDatagram(std::chrono::milliseconds patience = kPatience);
  Reply Receive();
  Reply Ask(std::string_view bytes);
  Reply Ask(Request request);
  /// Whether nothing was sent to this socket for what was sent before: asks OPTIONS, and true when
  /// the answer to that is the next thing that comes. (The server takes datagrams in order when it
  /// has one worker.)
  bool HeardNothing();

 private:
  HostPort server_;
  HostPort local_;
  int socket_;
};

class TcpClient {
 public:
  /// `receive_buffer` > 0: the kernel holds about so many bytes for us.
  explicit TcpClient(const HostPort& server, int receive_buffer = 0);
  ~TcpClient();
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;

  bool is_connected() const { return socket_ >= 0; }
  const HostPort& local() const { return local_; }
  std::string Via() const;

  void Send(std::string_view bytes);
  void Send(Request request);
  /// As many of `bytes` as the kernel takes at once; 0 when it takes none for `patience`.
  std::size_t SendSome(std::string_view bytes, std::chrono::milliseconds patience);
  void SendByteByByte(std::string_view bytes);
  /// The next answer, cut by its Content-Length.
  Reply Receive();
  Reply Ask(std::string_view bytes);
  Reply Ask(Request request);
  /// Exactly `count` bytes, or fewer when no more come.
  std::string ReceiveBytes(std::size_t count);
  /// Whether there is anything to read, be it the end.
  bool IsReadable(std::chrono::milliseconds patience);
  /// True when the server ends the connection and has sent nothing more before.
  bool IsClosed();
  /// No more will be sent.
  void FinishSending();
  void Close();
  /// Ends the connection with a reset.
  void Reset();

 private:
  friend class TcpAcceptor;
  explicit TcpClient(int socket);
  bool Fill();

  HostPort local_;
  int socket_;
  std::string received_;  // and not consumed
};

/// Takes connections that others make to it.
class TcpAcceptor {
 public:
  /// `backlog` = connections that the kernel keeps for us beside the first.
  explicit TcpAcceptor(const std::string& host, std::uint16_t port = 0, int backlog = 8);
  ~TcpAcceptor();
  TcpAcceptor(const TcpAcceptor&) = delete;
  TcpAcceptor& operator=(const TcpAcceptor&) = delete;

  const HostPort& local() const { return local_; }
  /// What the first connection brings until it is ended; "" when none came.
  std::string AcceptAndReadAll();

 private:
  HostPort local_;
  int socket_;
};

}  // namespace muster::testing
