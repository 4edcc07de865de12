#pragma once

// A blocking HTTP/1.1 client on plain sockets, so that the server is not tested with the library
// that it is built on. Every read gives up after ten seconds.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::http::testing {

struct Reply {
  int status = 0;                                            // 0 = none came
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::size_t chunks = 0;         // when the body came chunked
  std::size_t largest_chunk = 0;  // bytes

  /// The first field of that name, or "".
  std::string Header(std::string_view name) const;
  std::vector<std::string> Headers(std::string_view name) const;
};

class TestClient {
 public:
  /// `receive_buffer` > 0 makes the kernel hold at most about so many bytes for us.
  explicit TestClient(std::uint16_t port, int receive_buffer = 0);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void Send(std::string_view bytes);
  /// No more will be sent.
  void FinishSending();
  /// `to_head` = the reply is to a HEAD request, and has no body.
  Reply Read(bool to_head = false);
  Reply Ask(std::string_view request_bytes);
  /// True when the server has ended the connection and sent nothing more; waits for it.
  bool IsClosed();

 private:
  bool Fill();
  std::string Line();
  std::string Bytes(std::size_t count);
  void ReadBody(Reply& reply);

  int socket_;
  std::string received_;  // and not consumed
};

/// "METHOD target HTTP/1.1" with Host, and `fields`, each with its CRLF.
std::string RequestText(std::string_view method, std::string_view target,
                        std::string_view fields = "");

}  // namespace muster::http::testing
