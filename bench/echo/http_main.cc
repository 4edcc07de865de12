// muster-http-echo: a bare Beast server on one thread that answers every request with the same
// bytes and looks at none: the ceiling that our HTTP server is measured against. It has no limits
// and no time-outs.  Usage: muster-http-echo CONTENT_TYPE FILE  (the file is the body)

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace muster::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

using Answer = http::response<http::string_body>;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const Answer& answer) : socket_(std::move(socket)), answer_(answer) {}

  void Read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (!error) self->Write();
                     });
  }

 private:
  void Write() {
    http::async_write(socket_, answer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->Read();
    });
  }

  tcp::socket socket_;
  const Answer& answer_;
  boost::beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
};

void Accept(tcp::acceptor& acceptor, const Answer& answer) {
  acceptor.async_accept([&](error_code error, tcp::socket socket) {
    if (error) return;
    socket.set_option(tcp::no_delay(true));
    std::make_shared<Session>(std::move(socket), answer)->Read();
    Accept(acceptor, answer);
  });
}

/// With the fields of musterd's answers, in their order.
Answer AnswerOf(const char* content_type, const char* file_name) {
  std::ifstream file(file_name, std::ios::binary);
  Answer answer;
  answer.body().assign(std::istreambuf_iterator<char>(file), {});
  answer.set(http::field::date, "Wed, 20 Nov 2024 12:00:00 GMT");
  answer.set(http::field::content_type, content_type);
  answer.content_length(answer.body().size());
  answer.set(http::field::connection, "keep-alive");
  return answer;
}

void Serve(const Answer& answer) {
  asio::io_context io(1);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](error_code, int) { io.stop(); });
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("muster-http-echo ready http=127.0.0.1:%u\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  Accept(acceptor, answer);
  io.run();
}

}  // namespace
}  // namespace muster::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: muster-http-echo CONTENT_TYPE FILE\n");
    return 2;
  }
  try {
    muster::bench::Serve(muster::bench::AnswerOf(argv[1], argv[2]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "muster-http-echo: %s\n", error.what());
    return 2;
  }
}
