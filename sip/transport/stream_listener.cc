#include "transport/stream_listener.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

namespace muster::sip {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// Pause of an acceptor whose process has no file descriptors left.
constexpr std::chrono::milliseconds kAcceptPause{100};

core::IpAddress AddressOf(const boost::asio::ip::address& address) {
  if (address.is_v4()) return core::IpAddress::FromV4(address.to_v4().to_uint());
  return core::IpAddress::FromV6(address.to_v6().to_bytes());
}

tcp::endpoint EndpointOf(const ListenAddress& where) {
  if (where.ipv6) return {boost::asio::ip::address_v6(where.address.bytes()), where.port};
  const auto& bytes = where.address.bytes();
  return {boost::asio::ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]}), where.port};
}

}  // namespace

StreamListener::StreamListener(const std::vector<std::unique_ptr<StreamLoop>>& loops)
    : loops_(loops), acceptor_(loops.front()->io()), pause_(loops.front()->io()) {}

absl::Status StreamListener::Open(ListenAddress& where) {
  error_code error;
  const tcp::endpoint endpoint = EndpointOf(where);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && where.ipv6) acceptor_.set_option(boost::asio::ip::v6_only(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", where.ToString(), ": ", error.message()));
  }
  where.port = acceptor_.local_endpoint().port();
  return absl::OkStatus();
}

void StreamListener::Accept() {
  StreamLoop& loop = *loops_[next_++ % loops_.size()];
  acceptor_.async_accept(loop.io(), [this, &loop](const error_code& error, tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (error) return AcceptLater();
    TakeOver(loop, std::move(socket));
    Accept();
  });
}

void StreamListener::Close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void StreamListener::AcceptLater() {
  pause_.expires_after(kAcceptPause);
  pause_.async_wait([this](const error_code& error) {
    if (!error) Accept();
  });
}

void StreamListener::TakeOver(StreamLoop& loop, tcp::socket socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;
  const tcp::endpoint local = socket.local_endpoint(error);
  if (error) return;
  if (!loop.ReserveConnection()) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  loop.Adopt(std::move(socket), {.transport = core::Transport::kTcp,
                                 .address = AddressOf(peer.address()),
                                 .port = peer.port(),
                                 .local_address = AddressOf(local.address()),
                                 .local_port = local.port()});
}

}  // namespace muster::sip
