#include <gtest/gtest.h>

#include "http/sipxcom/listing.h"
#include "sipxcom_fixture.h"

namespace muster::http {
namespace {

using testing::CountOf;
using testing::Reply;

class SipxcomStreamingTest : public testing::SipxcomTest {
 protected:
  SipxcomStreamingTest() : SipxcomTest({.http_chunk_bytes = 10'000}) {}

  /// Rows call0, call1, ..., each expiring a millisecond after the one before.
  void Fill(std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      const std::string number = std::to_string(i);
      Register({.aor = "user" + number + "@example.com",
                .call_id = "call" + number,
                .expires = absl::Seconds(100) + absl::Milliseconds(i)});
    }
  }
};

TEST_F(SipxcomStreamingTest, EveryRowComesOnceInBoundedChunks) {
  Fill(50'000);
  for (const char* target : {"/registrations", "/registrations?start=0&limit=0"}) {
    const Reply reply = Get(target);
    EXPECT_EQ(reply.Header("transfer-encoding"), "chunked");
    EXPECT_LE(reply.largest_chunk, 10'000u);
    EXPECT_GT(reply.chunks, 1'000u);
    EXPECT_EQ(CountOf("\"regCallId\":\"call", reply.body), 50'000u);
    EXPECT_EQ(CountOf("\"regCallId\":\"call4999\"", reply.body), 1u);
    EXPECT_TRUE(reply.body.starts_with("{\"registrations\":[{")) << reply.body.substr(0, 100);
    EXPECT_TRUE(reply.body.ends_with("}]}"));
    EXPECT_EQ(CountOf("}{", reply.body), 0u);
  }
}

TEST_F(SipxcomStreamingTest, XmlStreamsToo) {
  Fill(5'000);
  const Reply reply = Get("/registrations.xml");
  EXPECT_LE(reply.largest_chunk, 10'000u);
  EXPECT_EQ(CountOf("<Registration>", reply.body), 5'000u);
  EXPECT_TRUE(reply.body.ends_with("</Registration></Registrations>"));
}

TEST_F(SipxcomStreamingTest, PagesAreCutFromTheSortedWhole) {
  Fill(5'000);
  const Reply reply = Get("/registrations?start=100&limit=1000");
  EXPECT_EQ(CountOf("regCallId", reply.body), 1'000u);
  EXPECT_TRUE(testing::CallIds(reply).starts_with("call4899 call4898 "));
}

TEST_F(SipxcomStreamingTest, AListingHoldsOnePageAndOneChunk) {
  Fill(5'000);
  sipxcom::Listing listing({location_, clock_, 1'000}, sipxcom::Format::kJson,
                           {sipxcom::Selection::Kind::kFilter, core::BindingFilter::All()},
                           std::nullopt);
  std::string chunk;
  std::size_t bytes = 0;
  std::size_t chunks = 0;
  bool has_more = true;
  while (has_more) {
    has_more = listing.Next(chunk);
    ASSERT_LE(chunk.size(), 1'000u);
    ASSERT_LE(chunk.capacity(), 64u * 1'024u);  // a page of such rows, written
    bytes += chunk.size();
    ++chunks;
  }
  EXPECT_EQ(chunks, (bytes + 999) / 1'000);
}

TEST_F(SipxcomStreamingTest, RanksAPieceAtATimeAndGoesOnBehindIt) {
  Fill(40'000);
  sipxcom::Listing listing({location_, clock_, 10'000}, sipxcom::Format::kJson,
                           {sipxcom::Selection::Kind::kFilter, core::BindingFilter::All()},
                           sipxcom::Paging{0, 0});
  Reply reply;
  bool has_more = listing.Next(reply.body);
  Register({.aor = "late@example.com", .call_id = "late", .expires = absl::Seconds(50)});
  std::string chunk;
  while (has_more) {
    has_more = listing.Next(chunk);
    reply.body += chunk;
  }
  std::string expected;
  for (int i = 39'999; i >= 0; --i) expected += "call" + std::to_string(i) + " ";
  EXPECT_TRUE(testing::CallIds(reply) == expected + "late ");
}

TEST_F(SipxcomStreamingTest, ManyRowsToLeaveOutTakeChunksWithNothingInThem) {
  Fill(40'000);
  sipxcom::Listing listing({location_, clock_, 10'000}, sipxcom::Format::kJson,
                           {sipxcom::Selection::Kind::kFilter, core::BindingFilter::All()},
                           sipxcom::Paging{39'999, 5});
  std::string chunk;
  EXPECT_TRUE(listing.Next(chunk));
  EXPECT_EQ(chunk, "{\"registrations\":[");
  EXPECT_TRUE(listing.Next(chunk));
  EXPECT_EQ(chunk, "");
  EXPECT_FALSE(listing.Next(chunk));
  EXPECT_EQ(CountOf("\"regCallId\":\"call0\"", chunk), 1u);
  EXPECT_EQ(testing::CallIds(Get("/registrations?start=39998&limit=5")), "call1 call0 ");
}

TEST_F(SipxcomStreamingTest, AStartBeyondAllRowsIsAnsweredAtOnce) {
  Fill(20'000);
  for (const char* start : {"20000", "9223372036854775807"}) {
    const std::string target = std::string("/registrations?limit=0&start=") + start;
    const Reply reply = Get(target);
    EXPECT_EQ(reply.Header("content-length"), std::to_string(reply.body.size())) << start;
    EXPECT_EQ(reply.body, "{\"registrations\":[]}");
  }
}

TEST_F(SipxcomStreamingTest, ALimitMayEndWhereARankingDoes) {
  constexpr std::size_t kRows = sipxcom::Listing::kRowsPerRanking;
  Fill(kRows);
  for (const std::string limit : {"0", "16383", "16384", "16385", "9223372036854775807"}) {
    const Reply reply = Get("/registrations?start=0&limit=" + limit);
    EXPECT_EQ(CountOf("regCallId", reply.body), limit == "16383" ? kRows - 1 : kRows) << limit;
    EXPECT_TRUE(reply.body.ends_with("}]}")) << limit;
  }
}

TEST_F(SipxcomStreamingTest, RowsThatExpireMeanwhileAreLeftOut) {
  Fill(5'000);
  sipxcom::Listing listing({location_, clock_, 10'000}, sipxcom::Format::kJson,
                           {sipxcom::Selection::Kind::kFilter, core::BindingFilter::All()},
                           sipxcom::Paging{0, 0});
  std::string chunk;
  EXPECT_TRUE(listing.Next(chunk));
  clock_.Advance(absl::Hours(1));
  std::string rest;
  while (listing.Next(chunk)) rest += chunk;
  rest += chunk;
  EXPECT_LT(CountOf("regCallId", rest), 128u);
  EXPECT_TRUE(rest.ends_with("]}"));
}

TEST_F(SipxcomStreamingTest, HeadOfALongListingIsQuickAndKeepsTheConnection) {
  Fill(5'000);
  testing::TestClient client(server_.port());
  client.Send(testing::RequestText("HEAD", "/registrations"));
  EXPECT_EQ(client.Read(/*to_head=*/true).Header("transfer-encoding"), "chunked");
  EXPECT_EQ(client.Ask(testing::RequestText("GET", "/registrations/callId/call7")).status, 200);
}

}  // namespace
}  // namespace muster::http
