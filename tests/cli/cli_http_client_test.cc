#include <gtest/gtest.h>

#include "daemon/cli/http_client.h"

namespace muster::daemon::cli {
namespace {

TEST(ParseReplyTest, ReadsABodyByLengthByChunksAndToTheEnd) {
  EXPECT_EQ(ParseReply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").body, "hi");
  EXPECT_EQ(ParseReply("HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: chunked\r\n\r\n"
                       "2\r\nhi\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n")
                .body,
            "hi0123456789");
  EXPECT_EQ(ParseReply("HTTP/1.0 200 OK\r\n\r\nhi").body, "hi");
}

TEST(ParseReplyTest, ReadsTheStatus) {
  EXPECT_EQ(ParseReply("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").status, 404);
}

TEST(ParseReplyTest, NoticesAnAnswerThatBrokeOff) {
  EXPECT_EQ(ParseReply("").problem, "it ended the connection");
  for (const char* bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    EXPECT_EQ(ParseReply(bytes).problem, "its answer broke off") << bytes;
  }
}

TEST(ParseReplyTest, NoticesWhatIsNotHttp) {
  for (const char* bytes : {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1."}) {
    EXPECT_EQ(ParseReply(bytes).problem, "its answer is not HTTP") << bytes;
  }
  EXPECT_EQ(ParseReply("HTTP/1.\r\n\r\n").status, 0);
}

}  // namespace
}  // namespace muster::daemon::cli
