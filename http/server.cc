#include "muster/http/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <thread>
#include <unordered_set>

#include "session.h"
#include "work_threads.h"

namespace muster::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kAcceptPause(100);  // after a failure, such as no descriptor
constexpr std::chrono::milliseconds kTimeoutPrecision(100);

std::string WithoutBrackets(std::string host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Options options, const Router& router, const core::Clock& clock,
       const core::Commits& commits)
      : options_(std::move(options)),
        work_threads_(options_.limits.max_http_long_answers),
        environment_{router, clock, options_.limits, commits, work_threads_} {}
  ~Impl() { Stop(); }

  absl::Status Start();
  void Stop();
  tcp::endpoint local() const { return local_; }

 private:
  error_code Listen();
  asio::awaitable<void> Accept();
  asio::awaitable<void> EndLateSessions();
  void Admit(tcp::socket socket);
  void Forget(Session* session);
  void BeginStop();

  const Options options_;
  asio::io_context io_{1};    // one thread
  WorkThreads work_threads_;  // they may own frames of sessions, which io_ outlives
  const Session::Environment environment_;
  tcp::acceptor acceptor_{io_};
  asio::steady_timer grace_{io_};
  tcp::endpoint local_;
  // Owned by their coroutines.
  std::unordered_set<Session*> serving_;
  std::unordered_set<Session*> refusing_;  // being told 503
  bool is_stopping_ = false;
  std::thread thread_;
};

absl::Status HttpServer::Impl::Start() {
  if (const error_code error = Listen()) {
    return absl::UnavailableError("cannot listen on http " + options_.host + ":" +
                                  std::to_string(options_.port) + ": " + error.message());
  }
  asio::co_spawn(io_, Accept(), asio::detached);
  asio::co_spawn(io_, EndLateSessions(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
  return absl::OkStatus();
}

error_code HttpServer::Impl::Listen() {
  error_code error;
  tcp::resolver resolver(io_);
  const auto found = resolver.resolve(WithoutBrackets(options_.host), std::to_string(options_.port),
                                      tcp::resolver::passive, error);
  if (error) return error;
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return error;
  local_ = acceptor_.local_endpoint(error);
  return error;
}

asio::awaitable<void> HttpServer::Impl::Accept() {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kAwait);
    if (!error) {
      Admit(std::move(socket));
    } else if (acceptor_.is_open()) {
      asio::steady_timer pause(io_, kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

asio::awaitable<void> HttpServer::Impl::EndLateSessions() {
  asio::steady_timer timer(io_);
  while (true) {
    timer.expires_after(kTimeoutPrecision);
    co_await timer.async_wait(kAwait);
    const auto now = std::chrono::steady_clock::now();
    for (Session* session : serving_) session->EndIfLate(now);
    for (Session* session : refusing_) session->EndIfLate(now);
  }
}

void HttpServer::Impl::Admit(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const bool is_full = serving_.size() >= options_.limits.max_http_connections;
  if (is_full && refusing_.size() >= core::Limits::kMaxHttpRefusals) return;  // closes it
  const auto session = std::make_shared<Session>(std::move(socket), environment_);
  if (is_full) {
    refusing_.insert(session.get());
    asio::co_spawn(io_, session->Refuse(),
                   [this, session](const std::exception_ptr&) { refusing_.erase(session.get()); });
  } else {
    serving_.insert(session.get());
    asio::co_spawn(io_, session->Serve(),
                   [this, session](const std::exception_ptr&) { Forget(session.get()); });
  }
}

void HttpServer::Impl::Forget(Session* session) {
  serving_.erase(session);
  if (is_stopping_ && serving_.empty()) io_.stop();
}

void HttpServer::Impl::Stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] { BeginStop(); });
  thread_.join();
  work_threads_.Stop();
}

void HttpServer::Impl::BeginStop() {
  error_code ignored;
  acceptor_.close(ignored);
  is_stopping_ = true;
  if (serving_.empty()) io_.stop();
  for (Session* session : serving_) session->Stop();
  grace_.expires_after(absl::ToChronoMilliseconds(options_.limits.http_stop_grace));
  grace_.async_wait([this](error_code) { io_.stop(); });
}

HttpServer::HttpServer(Options options, const Router& router, const core::Clock& clock,
                       const core::Commits& commits)
    : impl_(std::make_unique<Impl>(std::move(options), router, clock, commits)) {}

HttpServer::~HttpServer() = default;

absl::Status HttpServer::Start() { return impl_->Start(); }

void HttpServer::Stop() { impl_->Stop(); }

std::uint16_t HttpServer::port() const { return impl_->local().port(); }

std::string HttpServer::endpoint() const {
  const tcp::endpoint local = impl_->local();
  const std::string host = local.address().to_string();
  return (local.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(local.port());
}

}  // namespace muster::http
