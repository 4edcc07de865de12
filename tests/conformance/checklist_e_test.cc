// Flows and paths, RFC 5626 and RFC 3327. One test for each line of the checklist, and named after
// it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "checklist.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;

TEST_F(ChecklistE, E08_PingOnAStreamGetsOnePong) {
  TcpClient client(muster().tcp());
  client.Send("\r\n\r\n");
  EXPECT_EQ(client.ReceiveBytes(2), "\r\n");
  // In two pieces, and byte by byte.
  client.Send("\r\n");
  client.Send("\r\n");
  EXPECT_EQ(client.ReceiveBytes(2), "\r\n");
  client.SendByteByByte("\r\n\r\n");
  EXPECT_EQ(client.ReceiveBytes(2), "\r\n");

  // Between two messages in one segment; each answer in its place.
  Request first = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  Request second = RegisterOf(kAlice, "c", 2).Contact("<sip:alice@192.0.2.1>");
  first.via = second.via = client.Via();
  client.Send(first.Text() + "\r\n\r\n" + second.Text());
  EXPECT_EQ(client.Receive().Header("CSeq"), "1 REGISTER");
  EXPECT_EQ(client.ReceiveBytes(2), "\r\n");
  EXPECT_EQ(client.Receive().Header("CSeq"), "2 REGISTER");

  // Within a message it is part of that message.
  Request with_body = RegisterOf(kAlice, "c", 3).Contact("<sip:alice@192.0.2.1>");
  with_body.via = client.Via();
  with_body.body = "\r\n\r\n\r\n\r\n";
  EXPECT_EQ(client.Ask(with_body.Text()).Header("CSeq"), "3 REGISTER");
  Request cut = RegisterOf(kAlice, "c", 4);
  cut.via = client.Via();
  const std::string text = cut.Text();
  client.Send(text.substr(0, 20));
  client.Send(text.substr(20) + "\r\n\r\n");
  EXPECT_EQ(client.Receive().Header("CSeq"), "4 REGISTER");
  EXPECT_EQ(client.ReceiveBytes(2), "\r\n");
}

TEST_F(ChecklistE, E13_PathIsStoredInOrderAndReplacedByEachRefresh) {
  UdpClient client(muster().udp());
  const auto path = [&] { return Field(kAlice, &core::Binding::path); };
  client.Ask(RegisterOf(kAlice, "c", 1)
                 .Line("Path: <sip:p2.example.com;lr>,<sip:%41@p1.example.com;lr;ob;x=y>;token=1")
                 .Line("Path: \"Edge\" <sip:p0.example.com;lr>")
                 .Contact("<sip:alice@192.0.2.1>"));
  ASSERT_EQ(path().size(), 1U);
  EXPECT_THAT(SplitOutsideQuotes(path()[0], ','),
              ElementsAre("<sip:p2.example.com;lr>", "<sip:%41@p1.example.com;lr;ob;x=y>;token=1",
                          "\"Edge\" <sip:p0.example.com;lr>"));
  client.Ask(RegisterOf(kAlice, "c", 2)
                 .Line("Path: <sip:p9.example.com;lr>")
                 .Contact("<sip:alice@192.0.2.1>"));
  EXPECT_THAT(path(), ElementsAre("<sip:p9.example.com;lr>"));
  client.Ask(RegisterOf(kAlice, "c", 3).Contact("<sip:alice@192.0.2.1>"));
  EXPECT_THAT(path(), ElementsAre(""));
  EXPECT_EQ(CountAll(), 1U);
}

TEST_F(ChecklistE, E14_PathIsCopiedToThe200ForWhoSupportsIt) {
  UdpClient client(muster().udp());
  const auto ask = [&](std::uint32_t cseq, const std::string& supported) {
    return client.Ask(RegisterOf(kAlice, "c", cseq)
                          .Line("Path: <sip:p2.example.com;lr>")
                          .Line("Path: <sip:p1.example.com;lr>")
                          .Line("Supported: " + supported)
                          .Contact("<sip:alice@192.0.2.1>"));
  };
  const Reply shown = ask(1, "gruu, path");
  EXPECT_EQ(shown.code, 200);
  ASSERT_EQ(shown.Headers("Path").size(), 1U);
  EXPECT_THAT(SplitOutsideQuotes(shown.Header("Path"), ','),
              ElementsAre("<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"));
  // Who does not know it is served all the same, and not shown it.
  const Reply silent = ask(2, "gruu");
  EXPECT_EQ(silent.code, 200);
  EXPECT_FALSE(silent.Has("Path"));
  EXPECT_THAT(Field(kAlice, &core::Binding::path),
              ElementsAre("<sip:p2.example.com;lr>, <sip:p1.example.com;lr>"));
  // Nor is a Path made up where there was none.
  const Reply none =
      client.Ask(RegisterOf(kAlice, "c", 3).Line("Supported: path").Contact("<sip:a@192.0.2.1>"));
  EXPECT_EQ(none.code, 200);
  EXPECT_FALSE(none.Has("Path"));
}

}  // namespace
}  // namespace muster::testing
