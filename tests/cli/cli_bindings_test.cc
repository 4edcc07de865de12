#include <gtest/gtest.h>

#include "daemon/cli/bindings.h"

namespace muster::daemon::cli {
namespace {

TEST(ReadBindingsPageTest, GivesEachItemByteForByte) {
  const auto page = ReadBindingsPage(
      R"({"items":[{"aor":"a@b","x":[1, 2]},{"aor":"\u00e4"}],"total":2,"next":"3-17"})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items,
            (std::vector<std::string>{R"({"aor":"a@b","x":[1, 2]})", R"({"aor":"\u00e4"})"}));
  EXPECT_EQ(page->total, 2u);
  EXPECT_EQ(page->next, "3-17");
}

TEST(ReadBindingsPageTest, TheLastPageHasNoCursor) {
  const auto page = ReadBindingsPage(R"({"items":[],"next":null})");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(page->total, std::nullopt);
  EXPECT_EQ(page->next, "");
}

TEST(ReadBindingsPageTest, NoticesWhatIsNoPage) {
  for (const char* text : {"", "[]", "{}", "not JSON", R"({"items":{}})", R"({"items":[1]})",
                           R"({"items":[]})", R"({"items":[],"next":7})", R"({"items":[{)"}) {
    EXPECT_FALSE(ReadBindingsPage(text)) << text;
  }
}

TEST(ReadBindingItemsTest, GivesTextsAndNumbersInTheirOrder) {
  const auto items =
      ReadBindingItems({R"({"aor":"\u00e4@b", "cseq": 7 ,"x":null,"y":[1],"call_id":"c"})", "{}"});
  ASSERT_TRUE(items);
  ASSERT_EQ(items->size(), 2u);
  EXPECT_EQ((*items)[0].members(), (std::vector<BindingItem::Member>{
                                       {"aor", "\xC3\xA4@b"}, {"cseq", "7"}, {"call_id", "c"}}));
  EXPECT_EQ((*items)[0].Get("call_id"), "c");
  EXPECT_EQ((*items)[0].GetNumber("cseq"), 7u);
  EXPECT_EQ((*items)[0].Get("x"), "");
  EXPECT_EQ((*items)[1].GetNumber("cseq"), 0u);
}

TEST(ReadBindingItemsTest, NoticesWhatIsNoItem) {
  for (const char* text : {"", "[]", "7", R"({"a")", R"({"a":})"}) {
    EXPECT_FALSE(ReadBindingItems({text})) << text;
  }
}

TEST(ReadImportReplyTest, ReadsCountsAndBadLines) {
  const auto reply =
      ReadImportReply(R"({"imported":5,"skipped":1,"errors":[{"line":3,"message":"a \"b\""},)"
                      R"({"line":9,"message":"c"}]})");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->imported, 5u);
  EXPECT_EQ(reply->skipped, 1u);
  ASSERT_EQ(reply->errors.size(), 2u);
  EXPECT_EQ(reply->errors[0].line, 3u);
  EXPECT_EQ(reply->errors[0].message, "a \"b\"");
  EXPECT_EQ(reply->errors[1].line, 9u);
}

TEST(ReadImportReplyTest, NoticesWhatIsNoReply) {
  for (const char* text : {"", "[]", "{}", R"({"imported":1,"skipped":0})",
                           R"({"imported":-1,"skipped":0,"errors":[]})",
                           R"({"imported":1,"skipped":0,"errors":[{"line":1}]})",
                           R"({"imported":1,"skipped":0,"errors":[7]})"}) {
    EXPECT_FALSE(ReadImportReply(text)) << text;
  }
}

}  // namespace
}  // namespace muster::daemon::cli
