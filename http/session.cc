#include "session.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "response_head.h"

namespace muster::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using Parser = beast::http::request_parser<beast::http::string_body>;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 8'192;  // asked of the socket at once
constexpr std::size_t kUsualHeadBytes = 256;
/// Between two looks at a batch that is not committed yet. Answers that wait for one are rare, and
/// the commit takes longer: nothing would be won by being called.
constexpr std::chrono::milliseconds kCommitPoll(1);

std::string_view ToStd(beast::string_view text) { return {text.data(), text.size()}; }

/// All fields of that name as one value (RFC 9110 5.3).
std::string JoinedFields(const Parser::value_type& message, beast::http::field name) {
  std::string joined;
  const auto [begin, end] = message.equal_range(name);
  for (auto field = begin; field != end; ++field) {
    if (field != begin) joined += ", ";
    joined += ToStd(field->value());
  }
  return joined;
}

/// The answer to what is no proper request; `target` is as far as it has been read.
Response AnswerTo(error_code error, std::string_view target, const core::Limits& limits) {
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow) {
    return Response::Error(target, 431, "too_large",
                           "request line and header fields exceed " +
                               std::to_string(limits.max_http_header_bytes) + " bytes");
  }
  if (error == beast::http::error::body_limit) {
    return Response::Error(
        target, 413, "too_large",
        "the body exceeds " + std::to_string(limits.max_http_body_bytes) + " bytes");
  }
  return Response::Error(target, 400, "bad_request", "malformed request: " + error.message());
}

Response AnswerTo(const BadTarget& bad, std::string_view path) {
  if (!bad.parameter.empty() && path.starts_with("/v1/")) {
    return Response::JsonError(400, "bad_filter", bad.message, bad.parameter);
  }
  return Response::Error(path, 400, "bad_target", bad.message);
}

Response InternalError(const Request& request) {
  return Response::Error(request.path, 500, "internal", "internal error");
}

/// Puts the next piece of the body in place; from then on there are `chunks` only if more follows.
void Advance(Response& response) {
  if (response.chunks && !response.chunks(response.body)) response.chunks = nullptr;
}

/// What becomes of the batches that `response` waits for.
core::CommitOutcome OutcomeOf(const Response& response, const core::Commits& commits) {
  const core::BatchNumber last = response.after_batch;
  core::BatchNumber batch = response.since_batch == 0 ? last : response.since_batch;
  for (; batch != 0 && batch <= last; ++batch) {
    const core::CommitOutcome outcome = commits.OutcomeOf(batch);
    if (outcome != core::CommitOutcome::kDurable) return outcome;
  }
  return core::CommitOutcome::kDurable;
}

/// True for what the HTTP parser found wrong, false for what befell the connection.
bool IsRefusal(error_code error) {
  return error.category() ==
             beast::http::make_error_code(beast::http::error::bad_method).category() &&
         error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
}

}  // namespace

class Session::Impl {
 public:
  Impl(asio::ip::tcp::socket socket, const Environment& environment)
      : socket_(std::move(socket)),
        environment_(environment),
        buffer_(environment.limits.max_http_header_bytes + kReadBytes) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  asio::awaitable<void> Serve();
  asio::awaitable<void> Refuse();
  void Stop();
  void EndIfLate(Deadline now);

 private:
  enum class Next {
    kRequest,
    kEnd,
    kLinger
  };  // kLinger: end, but let the peer read our answer first

  asio::awaitable<Next> ServeOne();
  asio::awaitable<bool> AwaitBytes();
  bool HasBegun();
  asio::awaitable<error_code> ReadRequest(Parser& parser);
  asio::awaitable<error_code> ReadBody(Parser& parser);
  asio::awaitable<error_code> ReadUntil(Parser& parser, bool (Parser::*is_enough)() const);
  asio::awaitable<error_code> Receive();
  Response Answer(Parser::value_type&& message, Request& request) const;
  asio::awaitable<void> Work(const Request& request, Response& response);
  asio::awaitable<void> NextPiece(Response& response);
  asio::awaitable<void> AwaitCommit(Response& response);
  asio::awaitable<bool> WriteResponse(Response response, Delivery delivery, unsigned http_version,
                                      bool is_head);
  asio::awaitable<bool> Write(const std::string& bytes);
  asio::awaitable<void> Linger();
  /// For what the peer must do next; it holds until another one is set, or none.
  void SetTimeout(absl::Duration timeout) {
    deadline_ = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(timeout);
  }
  void SetNoTimeout() { deadline_ = Deadline::max(); }

  asio::ip::tcp::socket socket_;
  Deadline deadline_ = Deadline::max();
  const Environment environment_;
  beast::flat_buffer buffer_;   // received and not yet parsed
  bool is_idle_ = false;        // between requests
  bool may_take_long_ = false;  // to make the next piece of the answer under way
  bool is_stopping_ = false;
};

asio::awaitable<void> Session::Impl::Serve() {
  Next next = Next::kRequest;
  while (next == Next::kRequest && !is_stopping_) {
    next = co_await ServeOne();
    // A peer that sends many requests at once gives the others their turn.
    if (buffer_.size() != 0) co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  }
  if (next == Next::kLinger) co_await Linger();
}

asio::awaitable<void> Session::Impl::Refuse() {
  Response response = Response::Text(503, "too many connections");
  response.headers.push_back({"Retry-After", "1"});
  const Delivery delivery{Framing::kContentLength, /*keep_alive=*/false, environment_.clock.Now()};
  co_await WriteResponse(std::move(response), delivery, 11, /*is_head=*/false);
  co_await Linger();
}

void Session::Impl::Stop() {
  is_stopping_ = true;
  error_code ignored;
  if (is_idle_) socket_.cancel(ignored);
}

void Session::Impl::EndIfLate(Deadline now) {
  error_code ignored;
  if (now >= deadline_) socket_.close(ignored);
}

asio::awaitable<Session::Impl::Next> Session::Impl::ServeOne() {
  if (!co_await AwaitBytes()) co_return Next::kEnd;
  Parser parser;
  const error_code error = co_await ReadRequest(parser);
  SetNoTimeout();
  if (error && !IsRefusal(error)) co_return Next::kEnd;

  const bool is_head = parser.get().method() == beast::http::verb::head;
  const unsigned version = parser.get().version() == 10 ? 10 : 11;
  const bool keep_alive = !error && parser.keep_alive();
  Request request;
  Response response = error ? AnswerTo(error, ToStd(parser.get().target()), environment_.limits)
                            : Answer(parser.release(), request);
  may_take_long_ = static_cast<bool>(response.work);
  if (may_take_long_) co_await Work(request, response);
  co_await AwaitCommit(response);
  const Delivery delivery{Framing::kContentLength, keep_alive && !is_stopping_,
                          environment_.clock.Now()};
  const bool may_go_on = co_await WriteResponse(std::move(response), delivery, version, is_head);
  if (may_go_on) co_return Next::kRequest;
  co_return Next::kLinger;
}

/// The first bytes of a request, which an idle connection may take its time to send.
asio::awaitable<bool> Session::Impl::AwaitBytes() {
  is_idle_ = true;
  SetTimeout(environment_.limits.http_idle_timeout);
  while (!HasBegun()) {
    const error_code error = co_await Receive();
    if (error) co_return false;
  }
  is_idle_ = false;
  co_return true;
}

/// Whether there is more than empty lines, which it drops (RFC 9112 2.2).
bool Session::Impl::HasBegun() {
  const auto received = [this] {
    return std::string_view(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
  };
  while (received().starts_with("\r\n")) buffer_.consume(2);
  return !received().empty() && received() != "\r";
}

asio::awaitable<error_code> Session::Impl::ReadRequest(Parser& parser) {
  const core::Limits& limits = environment_.limits;
  parser.header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(
      limits.max_http_header_bytes, std::numeric_limits<std::uint32_t>::max())));
  parser.body_limit(limits.max_http_body_bytes);
  SetTimeout(limits.http_request_timeout);
  const error_code error = co_await ReadUntil(parser, &Parser::is_header_done);
  if (error) co_return error;
  // Whoever stands before us may take it for a body where we see none (RFC 9112 6.3).
  if (parser.get().count(beast::http::field::transfer_encoding) != 0 && !parser.chunked()) {
    co_return beast::http::error::bad_transfer_encoding;
  }
  if (parser.is_done()) co_return error;
  co_return co_await ReadBody(parser);
}

asio::awaitable<error_code> Session::Impl::ReadBody(Parser& parser) {
  if (beast::iequals(parser.get()[beast::http::field::expect], "100-continue")) {
    const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!co_await Write(go_on)) co_return asio::error::broken_pipe;
    SetTimeout(environment_.limits.http_request_timeout);
  }
  parser.eager(true);
  co_return co_await ReadUntil(parser, &Parser::is_done);
}

/// Parses what is there before it waits for more: requests mostly come whole.
asio::awaitable<error_code> Session::Impl::ReadUntil(Parser& parser,
                                                     bool (Parser::*is_enough)() const) {
  while (!(parser.*is_enough)()) {
    error_code error = beast::http::error::need_more;
    if (buffer_.size() != 0) buffer_.consume(parser.put(buffer_.data(), error));
    if (error == beast::http::error::need_more) error = co_await Receive();
    if (error) co_return error;
  }
  co_return error_code();
}

/// Appends to the buffer what comes.
asio::awaitable<error_code> Session::Impl::Receive() {
  const std::size_t room = std::min(kReadBytes, buffer_.max_size() - buffer_.size());
  if (room == 0) co_return beast::http::error::buffer_overflow;
  const auto [error, count] = co_await socket_.async_read_some(buffer_.prepare(room), kAwait);
  buffer_.commit(count);
  co_return error;
}

/// Fills `request` on its way.
Response Session::Impl::Answer(Parser::value_type&& message, Request& request) const {
  const auto bad = ParseTarget(ToStd(message.target()), request);
  if (message.version() == 11 && message.count(beast::http::field::host) != 1) {
    return Response::Error(request.path, 400, "bad_request",
                           "malformed request: exactly one Host field is required");
  }
  if (bad) return AnswerTo(*bad, request.path);
  request.method = ToStd(message.method_string());
  request.accept = JoinedFields(message, beast::http::field::accept);
  request.authorization = ToStd(message[beast::http::field::authorization]);
  request.content_type = ToStd(message[beast::http::field::content_type]);
  request.body = std::move(message.body());
  try {
    Response response = environment_.router.Route(request);
    Advance(response);
    return response;
  } catch (const std::exception&) {
    return InternalError(request);
  }
}

/// Puts what `response.work` makes, with its first piece, in its place.
asio::awaitable<void> Session::Impl::Work(const Request& request, Response& response) {
  if (environment_.work_threads.IsFull()) {
    response = Response::Error(request.path, 503, "busy",
                               "too many answers that take long are waited for");
    response.headers.push_back({"Retry-After", "1"});
    co_return;
  }
  try {
    co_await environment_.work_threads.Do([&response] {
      response = response.work();
      Advance(response);
    });
  } catch (const std::exception&) {
    response = InternalError(request);
  }
}

asio::awaitable<void> Session::Impl::NextPiece(Response& response) {
  if (may_take_long_) {
    co_await environment_.work_threads.Do([&response] { Advance(response); });
  } else {
    Advance(response);
  }
}

/// Returns when the changes that `response` tells of are durable, or it has become another one. A
/// stop of the server does not end it: what is promised is kept within Limits::http_stop_grace.
asio::awaitable<void> Session::Impl::AwaitCommit(Response& response) {
  core::CommitOutcome outcome = OutcomeOf(response, environment_.commits);
  asio::steady_timer timer(socket_.get_executor());
  while (outcome == core::CommitOutcome::kPending) {
    timer.expires_after(kCommitPoll);
    co_await timer.async_wait(kAwait);
    outcome = OutcomeOf(response, environment_.commits);
  }
  if (outcome == core::CommitOutcome::kFailed) {
    response = Response::JsonError(503, "not_stored",
                                   "the store failed: the change, or a part of it, is undone");
  }
}

/// False when the connection is of no further use.
asio::awaitable<bool> Session::Impl::WriteResponse(Response response, Delivery delivery,
                                                   unsigned http_version, bool is_head) {
  const bool is_whole = !response.chunks;
  if (!is_whole) delivery.framing = http_version == 10 ? Framing::kUntilClose : Framing::kChunked;
  if (delivery.framing == Framing::kUntilClose) delivery.keep_alive = false;
  std::string out;
  out.reserve(kUsualHeadBytes + response.body.size());
  AppendHead(response, delivery, out);
  if (!is_head) {
    if (!response.body.empty()) AppendPiece(delivery.framing, response.body, out);
    while (response.chunks) {
      if (!co_await Write(out)) co_return false;
      co_await asio::post(socket_.get_executor(), asio::use_awaitable);  // others have their turn
      co_await NextPiece(response);
      out.clear();
      if (!response.body.empty()) AppendPiece(delivery.framing, response.body, out);
    }
    AppendEnd(delivery.framing, out);
  }
  co_return co_await Write(out) && delivery.keep_alive;
}

/// Mostly the kernel takes all at once. Every write must make progress within the time-out; how
/// long all takes is the peer's affair.
asio::awaitable<bool> Session::Impl::Write(const std::string& bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    error_code error;
    written += socket_.write_some(asio::buffer(bytes) + written, error);
    if (error == asio::error::would_block) {
      SetTimeout(environment_.limits.http_request_timeout);
      std::tie(error) = co_await socket_.async_wait(asio::ip::tcp::socket::wait_write, kAwait);
      SetNoTimeout();
    }
    if (error) co_return false;
  }
  co_return true;
}

/// Ends our side, and throws away what the peer still sends until it ends its own: closing at once
/// would make the kernel take our last answer back from it.
asio::awaitable<void> Session::Impl::Linger() {
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  SetTimeout(environment_.limits.http_linger);
  is_idle_ = true;
  while (!error && !is_stopping_) {
    buffer_.clear();
    error = co_await Receive();
  }
}

Session::Session(asio::ip::tcp::socket socket, const Environment& environment)
    : impl_(std::make_unique<Impl>(std::move(socket), environment)) {}

Session::~Session() = default;

asio::awaitable<void> Session::Serve() { return impl_->Serve(); }

asio::awaitable<void> Session::Refuse() { return impl_->Refuse(); }

void Session::Stop() { impl_->Stop(); }

void Session::EndIfLate(Deadline now) { impl_->EndIfLate(now); }

}  // namespace muster::http
