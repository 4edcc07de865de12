#include "muster/sip/server.h"

#include <boost/asio/post.hpp>
#include <future>
#include <utility>

#include "request_handler.h"
#include "server_transactions.h"
#include "transport/stream_listener.h"
#include "transport/stream_loop.h"
#include "transport/udp_socket.h"
#include "transport/udp_worker.h"

namespace muster::sip {

class Server::Impl {
 public:
  Impl(ServerOptions options, const core::UserAgentServer& user_agent_server,
       core::Commits& commits, const core::Clock& clock)
      : options_(std::move(options)),
        user_agent_server_(user_agent_server),
        commits_(commits),
        clock_(clock),
        transactions_(options_.limits),
        listening_(options_.listen) {}

  ~Impl() { Stop(); }

  absl::Status Start() {
    if (absl::Status status = OpenUdp(); !status.ok()) return status;
    if (absl::Status status = OpenStreams(); !status.ok()) {
      workers_.clear();
      listeners_.clear();
      loops_.clear();
      return status;
    }
    for (const auto& listener : listeners_) listener->Accept();
    for (const auto& loop : loops_) loop->Start();
    for (const auto& worker : workers_) worker->Start();
    return absl::OkStatus();
  }

  void Stop() {
    CloseListeners();
    for (const auto& worker : workers_) worker->Stop();
    for (const auto& loop : loops_) loop->Stop();
  }

  const std::vector<ListenAddress>& listening() const { return listening_; }

  CounterValues counters() const {
    CounterValues sum;
    for (const auto& worker : workers_) worker->counters().AddTo(sum);
    for (const auto& loop : loops_) loop->counters().AddTo(sum);
    for (const auto& listener : listeners_) sum.connections_refused += listener->refused();
    return sum;
  }

 private:
  /// One socket per worker and listener. The first of them finds the port, the others share it.
  absl::Status OpenUdp() {
    std::vector<std::vector<UdpSocket>> sockets(options_.workers);
    bool any = false;
    for (ListenAddress& where : listening_) {
      if (where.transport != core::Transport::kUdp) continue;
      any = true;
      if (absl::Status status = UdpSocket::CheckFree(where); !status.ok()) return status;
      for (auto& of_worker : sockets) {
        auto socket =
            UdpSocket::Bind(where, options_.workers > 1, options_.limits.udp_receive_buffer_bytes);
        if (!socket.ok()) return socket.status();
        where.port = socket->port();
        of_worker.push_back(*std::move(socket));
      }
    }
    if (!any) return absl::OkStatus();
    for (auto& of_worker : sockets) {
      workers_.push_back(std::make_unique<UdpWorker>(std::move(of_worker), user_agent_server_,
                                                     transactions_, commits_, clock_));
    }
    return absl::OkStatus();
  }

  absl::Status OpenStreams() {
    for (ListenAddress& where : listening_) {
      if (where.transport != core::Transport::kTcp) continue;
      while (loops_.size() < options_.workers) {
        loops_.push_back(std::make_unique<StreamLoop>(options_.limits, user_agent_server_,
                                                      transactions_, commits_, clock_,
                                                      connection_count_));
      }
      auto listener = std::make_unique<StreamListener>(loops_);
      if (absl::Status status = listener->Open(where); !status.ok()) return status;
      listeners_.push_back(std::move(listener));
    }
    return absl::OkStatus();
  }

  /// On the thread that runs their handlers, which is gone when the loop was never started.
  void CloseListeners() {
    if (listeners_.empty() || stopped_) return;
    stopped_ = true;
    std::promise<void> closed;
    boost::asio::post(loops_.front()->io(), [&] {
      for (const auto& listener : listeners_) listener->Close();
      closed.set_value();
    });
    closed.get_future().wait();
  }

  const ServerOptions options_;
  const core::UserAgentServer& user_agent_server_;
  core::Commits& commits_;
  const core::Clock& clock_;
  ServerTransactions transactions_;
  std::vector<ListenAddress> listening_;
  StreamLoop::ConnectionCount connection_count_{0};
  std::vector<std::unique_ptr<StreamLoop>> loops_;
  std::vector<std::unique_ptr<StreamListener>> listeners_;
  std::vector<std::unique_ptr<UdpWorker>> workers_;
  bool stopped_ = false;
};

Server::Server(ServerOptions options, const core::UserAgentServer& user_agent_server,
               core::Commits& commits, const core::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), user_agent_server, commits, clock)) {}

Server::~Server() = default;

absl::Status Server::Start() { return impl_->Start(); }
void Server::Stop() { impl_->Stop(); }
const std::vector<ListenAddress>& Server::listening() const { return impl_->listening(); }
CounterValues Server::counters() const { return impl_->counters(); }

}  // namespace muster::sip
