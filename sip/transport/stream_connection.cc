#include "transport/stream_connection.h"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "transport/stream_loop.h"

namespace muster::sip {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// Reads of one connection before others of its loop have their turn.
constexpr int kReadsPerTurn = 4;
bool WouldBlock(const error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

/// Answers on their way over a connection of their own (RFC 3261 18.2.2), which counts as one of
/// the loop's.
struct Elsewhere : std::enable_shared_from_this<Elsewhere> {
  Elsewhere(StreamLoop& its_loop, std::string bytes)
      : loop(its_loop), socket(loop.io()), timer(loop.io()), answers(std::move(bytes)) {}
  ~Elsewhere() { loop.ReleaseConnection(); }

  void Send(const tcp::endpoint& to) {
    timer.expires_after(absl::ToChronoMilliseconds(loop.limits().stream_elsewhere_timeout));
    timer.async_wait([self = shared_from_this()](const error_code& error) {
      error_code ignored;
      if (!error) self->socket.close(ignored);
    });
    socket.async_connect(to, [self = shared_from_this()](const error_code& error) {
      if (error) return self->Done();
      boost::asio::async_write(self->socket, boost::asio::buffer(self->answers),
                               [self](const error_code&, std::size_t) { self->Done(); });
    });
  }

  void Done() { timer.cancel(); }

  StreamLoop& loop;
  tcp::socket socket;
  boost::asio::steady_timer timer;
  const std::string answers;
};

}  // namespace

StreamConnection::StreamConnection(StreamLoop& loop, Socket socket, const core::Source& source)
    : loop_(loop),
      socket_(std::move(socket)),
      source_(source),
      last_bytes_(std::chrono::steady_clock::now()) {}

void StreamConnection::Start() {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  WaitForBytes();
}

void StreamConnection::Close() {
  error_code ignored;
  socket_.close(ignored);
  loop_.Forget(shared_from_this());
}

void StreamConnection::Finish() {
  AwaitHeld();
  if (reading_ == Reading::kOn && answers_.empty()) OnReadable();
  AwaitHeld();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  Close();
}

/// A later answer may wait for an earlier batch.
void StreamConnection::AwaitHeld() {
  while (!held_.empty()) {
    loop_.commits().Request();
    for (const HeldAnswer& held : held_) loop_.commits().Wait(held.handled.batch);
    Flush();
  }
}

void StreamConnection::CheckTimes(TimePoint now) {
  const auto& limits = loop_.limits();
  const bool idle = now - last_bytes_ > absl::ToChronoNanoseconds(limits.stream_idle_timeout);
  // A CRLF alone is no message begun, but a keep-alive, or half of one.
  const bool begun = partial_.find_first_not_of("\r\n") != std::string::npos;
  const bool slow = begun && reading_ == Reading::kOn && held_.empty() &&
                    now - message_begun_ > absl::ToChronoNanoseconds(limits.stream_message_timeout);
  if (idle || slow) Close();
}

void StreamConnection::WaitForBytes() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const error_code& error) {
    if (error) return;
    self->OnReadable();
  });
}

void StreamConnection::OnReadable() {
  for (int i = 0; i < kReadsPerTurn && reading_ == Reading::kOn; ++i) {
    if (!ReadOnce()) break;
  }
  if (!socket_.is_open()) return;
  Flush();
}

/// False when there was nothing more to read for now, or for ever.
bool StreamConnection::ReadOnce() {
  const std::span<char> buffer = loop_.read_buffer();
  error_code error;
  const std::size_t size =
      socket_.read_some(boost::asio::buffer(buffer.data(), buffer.size()), error);
  if (WouldBlock(error)) return false;
  if (error) {
    if (answers_.empty()) {
      Close();
    } else {
      reading_ = Reading::kEnded;
    }
    return false;
  }
  last_bytes_ = std::chrono::steady_clock::now();
  Consume({buffer.data(), size});
  return true;
}

void StreamConnection::Consume(std::string_view bytes) {
  if (partial_.empty()) {
    const std::size_t served = Serve(bytes);
    if (served == bytes.size()) return;
    partial_.assign(bytes.substr(served));
    message_begun_ = last_bytes_;
    return;
  }
  partial_.append(bytes);
  const std::size_t served = Serve(partial_);
  if (served == 0) return;
  partial_.erase(0, served);
  message_begun_ = last_bytes_;
  if (partial_.empty()) partial_.shrink_to_fit();
}

std::size_t StreamConnection::Serve(std::string_view bytes) {
  const std::size_t size = bytes.size();
  while (!bytes.empty() && reading_ == Reading::kOn) {
    const parser::Frame frame = framer_.Next(bytes, loop_.handler().message());
    switch (frame.kind) {
      case parser::FrameKind::kNeedMore:
        return size - bytes.size();
      case parser::FrameKind::kMessage:
        Answer({parser::ParseOutcome::kComplete, frame.size, {}});
        break;
      case parser::FrameKind::kPing:
        answers_ += "\r\n";
        break;
      case parser::FrameKind::kBlank:
        break;
      case parser::FrameKind::kMalformed:
        Answer({parser::ParseOutcome::kMalformed, 0, frame.error});
        reading_ = Reading::kEnded;
        return size;
    }
    bytes.remove_prefix(frame.size);
    // A peer that does not read its answers is not read from either.
    if (answers_.size() > loop_.limits().max_stream_send_queue_bytes) reading_ = Reading::kPaused;
  }
  return size - bytes.size();
}

void StreamConnection::Answer(const parser::ParseResult& parsed) {
  const absl::Time now = loop_.Now();
  RequestHandler& handler = loop_.handler();
  const HandledMessage handled = handler.HandleParsed(parsed, source_, now, loop_.answer_buffer());
  if (loop_.commits().OutcomeOf(handled.batch) == core::CommitOutcome::kDurable) {
    CountAnswer(handled, now);
  } else {
    held_.push_back({answers_.size(), handled, now});
  }
  answers_.append(loop_.answer_buffer().data(), handled.answer_size);
  sent_by_port_ = handled.answer_port;
}

void StreamConnection::CountAnswer(const HandledMessage& handled, absl::Time received_at) {
  if (!handled.is_register) return;
  Counters& counters = loop_.handler().counters();
  counters.CountRegister(handled.code);
  counters.ObserveRegisters(1, loop_.Now() - received_at);
}

bool StreamConnection::HasSettled() const {
  return held_.empty() ||
         loop_.commits().OutcomeOf(held_.front().handled.batch) != core::CommitOutcome::kPending;
}

void StreamConnection::OnSettled() {
  if (!socket_.is_open()) return;
  // Its peer could not go on with a message meanwhile: we did not read.
  message_begun_ = std::chrono::steady_clock::now();
  OnReadable();  // which also tells whether it is still there
}

void StreamConnection::ReleaseSettled() {
  while (!held_.empty() && HasSettled()) {
    HeldAnswer& held = held_.front();
    const auto outcome = loop_.commits().OutcomeOf(held.handled.batch);
    if (outcome == core::CommitOutcome::kFailed) Withdraw(held);
    CountAnswer(held.handled, held.received_at);
    held_.pop_front();
  }
}

/// Puts a 500 in its place; what is behind it moves up.
void StreamConnection::Withdraw(HeldAnswer& held) {
  HandledMessage& handled = held.handled;
  const std::size_t size = core::WithdrawAnswer(answers_.data() + held.begin, handled.head_size);
  const std::size_t shorter_by = handled.answer_size - size;
  answers_.erase(held.begin + size, shorter_by);
  handled.code = 500;
  for (HeldAnswer& later : held_) {
    if (&later != &held) later.begin -= shorter_by;
  }
}

void StreamConnection::Flush() {
  ReleaseSettled();
  if (!held_.empty()) loop_.commits().Request();
  if (written_ < sendable()) {
    error_code error;
    written_ += socket_.write_some(
        boost::asio::buffer(answers_.data() + written_, sendable() - written_), error);
    const bool gone = error && !WouldBlock(error);
    if (gone && held_.empty()) return AnswerElsewhere();
    if (!gone && written_ < sendable()) return WaitForRoom();
  }
  if (!held_.empty()) return loop_.AwaitSettled(shared_from_this());
  written_ = 0;
  if (reading_ == Reading::kEnded) return EndAfterFlush();
  answers_.clear();
  answers_.shrink_to_fit();
  if (reading_ == Reading::kPaused) {
    reading_ = Reading::kOn;
    Consume({});
    if (!answers_.empty() || reading_ == Reading::kEnded) return Flush();
  }
  WaitForBytes();
}

void StreamConnection::WaitForRoom() {
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code& error) {
    if (error) return;
    self->Flush();
  });
}

/// All answers are with the kernel. When the peer had only closed its own side it reads them; when
/// it is gone altogether, its kernel says so in a moment.
void StreamConnection::EndAfterFlush() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  AwaitReset();
}

void StreamConnection::AwaitReset() {
  auto timer = std::make_shared<boost::asio::steady_timer>(
      loop_.io(), absl::ToChronoMilliseconds(loop_.limits().stream_reset_watch));
  timer->async_wait([self = shared_from_this(), timer](const error_code&) {
    if (!self->socket_.is_open()) return;
    int pending = 0;
    socklen_t size = sizeof(pending);
    ::getsockopt(self->socket_.native_handle(), SOL_SOCKET, SO_ERROR, &pending, &size);
    if (pending == ECONNRESET || pending == EPIPE) {
      self->AnswerElsewhere();
    } else {
      self->Close();
    }
  });
}

/// The connection is gone before its answers were: a new one, to the source's address and the
/// sent-by port of the last request's Via (RFC 3261 18.2.2).
void StreamConnection::AnswerElsewhere() {
  error_code error;
  const auto address = boost::asio::ip::make_address(source_.address.ToString(), error);
  Close();
  if (error || answers_.empty() || !loop_.ReserveConnection()) return;
  const auto elsewhere = std::make_shared<Elsewhere>(loop_, std::move(answers_));
  elsewhere->Send({address, sent_by_port_});
}

}  // namespace muster::sip
