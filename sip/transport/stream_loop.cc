#include "transport/stream_loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>
#include <vector>

namespace muster::sip {

StreamLoop::StreamLoop(const core::Limits& limits, const core::UserAgentServer& server,
                       ServerTransactions& transactions, core::Commits& commits,
                       const core::Clock& clock, ConnectionCount& count)
    : limits_(limits),
      handler_(server, transactions, commits),
      commits_(commits),
      clock_(clock),
      count_(count),
      work_(boost::asio::make_work_guard(io_)),
      timer_(io_),
      read_buffer_(new std::array<char, 65'536>),
      answer_buffer_(new std::array<char, core::Limits::kMaxAnswerBytes>) {}

StreamLoop::~StreamLoop() { Stop(); }

void StreamLoop::Start() {
  Tick();
  commits_.Subscribe(*this);
  thread_ = std::thread([this] { io_.run(); });
}

void StreamLoop::Stop() {
  if (!thread_.joinable()) return;
  boost::asio::post(io_, [this] {
    timer_.cancel();
    const std::vector<std::shared_ptr<StreamConnection>> all(connections_.begin(),
                                                             connections_.end());
    for (const auto& connection : all) connection->Finish();
    work_.reset();
    io_.stop();
  });
  thread_.join();
  commits_.Unsubscribe(*this);
}

void StreamLoop::Adopt(StreamConnection::Socket socket, const core::Source& source) {
  auto connection = std::make_shared<StreamConnection>(*this, std::move(socket), source);
  boost::asio::post(io_, [this, connection = std::move(connection)] {
    connections_.insert(connection);
    connection->Start();
  });
}

void StreamLoop::AwaitSettled(std::shared_ptr<StreamConnection> connection) {
  waiting_.push_back(std::move(connection));
  any_waiting_ = true;
  // What was settled before any_waiting_ was set woke nobody.
  if (waiting_.back()->HasSettled()) boost::asio::post(io_, [this] { ResumeWaiting(); });
}

void StreamLoop::OnSettled() {
  if (any_waiting_.exchange(false)) boost::asio::post(io_, [this] { ResumeWaiting(); });
}

/// Those that must go on waiting say so again.
void StreamLoop::ResumeWaiting() {
  std::vector<std::shared_ptr<StreamConnection>> resumed;
  // Before looking: what is settled behind a look wakes us again.
  any_waiting_ = !waiting_.empty();
  for (auto& connection : std::exchange(waiting_, {})) {
    auto& list = connection->HasSettled() ? resumed : waiting_;
    list.push_back(std::move(connection));
  }
  for (const auto& connection : resumed) connection->OnSettled();
}

void StreamLoop::Forget(const std::shared_ptr<StreamConnection>& connection) {
  if (connections_.erase(connection) != 0) ReleaseConnection();
}

bool StreamLoop::ReserveConnection() {
  if (count_.fetch_add(1, std::memory_order_relaxed) < limits_.max_stream_connections) return true;
  ReleaseConnection();
  return false;
}

/// Looks for idle and slow connections, several times within the shortest time-out.
void StreamLoop::Tick() {
  const absl::Duration shortest =
      std::min(limits_.stream_idle_timeout, limits_.stream_message_timeout);
  const absl::Duration pause = std::clamp(shortest / 4, absl::Milliseconds(10), absl::Seconds(1));
  timer_.expires_after(absl::ToChronoMilliseconds(pause));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    const std::vector<std::shared_ptr<StreamConnection>> all(connections_.begin(),
                                                             connections_.end());
    for (const auto& connection : all) connection->CheckTimes(now);
    Tick();
  });
}

}  // namespace muster::sip
