#include "bench/message_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string_view>

namespace muster::bench {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

constexpr std::size_t kMessages = 1'024;
constexpr MessageSize kSizes[] = {MessageSize::kSmall, MessageSize::kPhone, MessageSize::kFat};

std::vector<GeneratedMessage> Make(MessageSize size, HeaderOrder order) {
  return MessageGenerator(1).Make(kMessages, size, order);
}

double MeanBytes(MessageSize size) {
  double bytes = 0;
  for (const GeneratedMessage& message : Make(size, HeaderOrder::kVaried))
    bytes += static_cast<double>(message.bytes.size());
  return bytes / kMessages;
}

std::string_view NameOfFirstField(const GeneratedMessage& message) {
  const std::string_view fields =
      std::string_view(message.bytes).substr(message.bytes.find('\n') + 1);
  return fields.substr(0, fields.find(':'));
}

TEST(MessageGeneratorTest, MakesTheSameMessagesOfTheSameSeed) {
  const auto first = Make(MessageSize::kFat, HeaderOrder::kShuffled);
  const auto second = Make(MessageSize::kFat, HeaderOrder::kShuffled);
  for (std::size_t i = 0; i < kMessages; ++i) EXPECT_EQ(first[i].bytes, second[i].bytes);
}

TEST(MessageGeneratorTest, MakesMessagesOfTheSizesThatItSays) {
  EXPECT_THAT(MeanBytes(MessageSize::kSmall), AllOf(Ge(330), Le(390)));
  EXPECT_THAT(MeanBytes(MessageSize::kPhone), AllOf(Ge(600), Le(640)));
  EXPECT_THAT(MeanBytes(MessageSize::kFat), AllOf(Ge(1'550), Le(1'650)));
}

TEST(MessageGeneratorTest, VariesEachValueFromMessageToMessage) {
  for (const MessageSize size : kSizes) {
    std::map<std::string, std::set<std::string>> forms;
    for (const GeneratedMessage& message : Make(size, HeaderOrder::kVaried)) {
      for (const auto& [name, value] : NamedValues(message.values)) forms[name].insert(value);
    }
    for (const auto& [name, values] : forms) {
      const bool is_constant =
          name == "method" || name == "cseq method" ||
          (name == "number of contacts" && size != MessageSize::kFat) ||
          (size == MessageSize::kSmall && (name.ends_with("instance") || name.ends_with("reg-id")));
      EXPECT_EQ(values.size() == 1, is_constant) << name << " of size " << static_cast<int>(size);
    }
  }
}

TEST(MessageGeneratorTest, ShufflesTheHeaderFieldsOnlyWhenAsked) {
  std::set<std::string_view> varied, shuffled;
  const auto varied_messages = Make(MessageSize::kSmall, HeaderOrder::kVaried);
  const auto shuffled_messages = Make(MessageSize::kSmall, HeaderOrder::kShuffled);
  for (const GeneratedMessage& message : varied_messages) varied.insert(NameOfFirstField(message));
  for (const GeneratedMessage& message : shuffled_messages)
    shuffled.insert(NameOfFirstField(message));
  EXPECT_THAT(varied, ::testing::ElementsAre("Via"));
  EXPECT_THAT(shuffled, ::testing::ElementsAre("CSeq", "Call-ID", "Contact", "Content-Length",
                                               "Expires", "From", "Max-Forwards", "To", "Via"));
}

}  // namespace
}  // namespace muster::bench
