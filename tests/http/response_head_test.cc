#include "http/response_head.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

const absl::Time kDate = absl::FromUnixSeconds(784'111'777);  // the example of RFC 9110 5.6.7

TEST(ResponseHeadTest, WritesStatusFieldsAndLength) {
  Response response = Response::Text(404, "none");
  response.headers.push_back({"X", "y"});
  std::string out;
  AppendHead(response, {Framing::kContentLength, /*keep_alive=*/true, kDate}, out);
  EXPECT_EQ(out,
            "HTTP/1.1 404 Not Found\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "X: y\r\n"
            "Content-Length: 4\r\n"
            "Connection: keep-alive\r\n"
            "\r\n");
}

TEST(ResponseHeadTest, EmptyBodyHasALengthButNoType) {
  std::string out;
  AppendHead(Response{}, {Framing::kContentLength, /*keep_alive=*/false, kDate}, out);
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Length: 0\r\n"
            "Connection: close\r\n"
            "\r\n");
}

TEST(ResponseHeadTest, ChunksCarryTheirSizeInHexadecimal) {
  std::string out;
  AppendPiece(Framing::kChunked, std::string(26, 'x'), out);
  AppendEnd(Framing::kChunked, out);
  EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
}

TEST(ResponseHeadTest, OtherFramingsLeaveTheBodyAlone) {
  for (const Framing framing : {Framing::kContentLength, Framing::kUntilClose}) {
    std::string out;
    AppendPiece(framing, "abc", out);
    AppendEnd(framing, out);
    EXPECT_EQ(out, "abc");
  }
}

}  // namespace
}  // namespace muster::http
