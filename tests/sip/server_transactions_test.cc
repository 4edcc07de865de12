#include "sip/server_transactions.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/conformance/sip_text.h"

namespace muster::sip {
namespace {

using core::TransactionMatch;
using testing::RegisterOf;
using testing::Request;

/// A request and its key, which views it.
class Keyed {
 public:
  explicit Keyed(const Request& request)
      : text_(std::make_unique<std::string>(request.Text())),
        message_(std::make_unique<parser::Message>()) {
    const auto parsed = parser::ParseMessage(*text_, parser::Framing::kDatagram, *message_);
    EXPECT_EQ(parsed.outcome, parser::ParseOutcome::kComplete) << *text_;
    key_ = std::make_unique<TransactionKey>(*message_);
  }
  const TransactionKey& key() const { return *key_; }

 private:
  std::unique_ptr<std::string> text_;
  std::unique_ptr<parser::Message> message_;
  std::unique_ptr<TransactionKey> key_;
};

Request RequestWith(std::string call_id, std::string branch = "z9hG4bK1") {
  Request request = RegisterOf("alice@example.com", std::move(call_id), 1);
  request.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=" + branch;
  return request;
}

class ServerTransactionsTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kMemory = std::size_t{1} << 20;

  static core::Limits LimitsOf(std::size_t memory) {
    core::Limits limits;
    limits.retransmission_memory_bytes = memory;
    return limits;
  }

  void Remember(const Keyed& request, std::string_view answer) {
    transactions_.Remember(request.key(), now_, {.answer = answer});
  }
  /// The answer that is known, "" without one.
  std::string Answer(const Keyed& request) const {
    const auto found = transactions_.Find(request.key(), now_, *buffer_);
    return std::string(buffer_->data(), found.answer_size);
  }
  TransactionMatch Match(const Keyed& request) const {
    const auto found = transactions_.Find(request.key(), now_, *buffer_);
    EXPECT_EQ(found.answer_size, 0U);
    return found.match;
  }

  ServerTransactions transactions_{LimitsOf(kMemory)};
  absl::Time now_ = absl::FromUnixSeconds(1'732'104'000);
  std::unique_ptr<std::array<char, core::Limits::kMaxAnswerBytes>> buffer_ =
      std::make_unique<std::array<char, core::Limits::kMaxAnswerBytes>>();
};

TEST_F(ServerTransactionsTest, KnowsNothingAtFirst) {
  EXPECT_EQ(Match(Keyed(RequestWith("c"))), TransactionMatch::kNew);
}

TEST_F(ServerTransactionsTest, GivesARetransmissionTheSameBytes) {
  const Keyed request(RequestWith("c"));
  const std::string answer("SIP/2.0 200 OK\r\nX: \0\xFF\r\n\r\n", 25);
  Remember(request, answer);
  EXPECT_EQ(Answer(request), answer);
  EXPECT_EQ(Answer(Keyed(RequestWith("c"))), answer);
}

TEST_F(ServerTransactionsTest, KnowsWhatAnAnswerWaitsFor) {
  const Keyed request(RequestWith("c"));
  transactions_.Remember(request.key(), now_, {.answer = "answer", .batch = 7, .head_size = 3});
  const auto found = transactions_.Find(request.key(), now_, *buffer_);
  EXPECT_EQ(found.answer_size, 6U);
  EXPECT_EQ(found.batch, 7U);
  EXPECT_EQ(found.head_size, 3U);
}

TEST_F(ServerTransactionsTest, KnowsRequestsWithoutAFromTag) {  // of RFC 2543
  Request old = RequestWith("c");
  old.from = "<sip:alice@example.com>";
  Remember(Keyed(old), "answer");
  EXPECT_EQ(Answer(Keyed(old)), "answer");
  EXPECT_EQ(Match(Keyed(RequestWith("c"))), TransactionMatch::kNew);
}

TEST_F(ServerTransactionsTest, TellsOtherRequestsApart) {
  Remember(Keyed(RequestWith("c")), "answer");
  EXPECT_EQ(Match(Keyed(RequestWith("C"))), TransactionMatch::kNew);
  Request other = RequestWith("c");
  other.cseq = 2;
  EXPECT_EQ(Match(Keyed(other)), TransactionMatch::kNew);
  other = RequestWith("c");
  other.from = "<sip:alice@example.com>;tag=other";
  EXPECT_EQ(Match(Keyed(other)), TransactionMatch::kNew);
  other = RequestWith("c");
  other.method = "OPTIONS";
  EXPECT_EQ(Match(Keyed(other)), TransactionMatch::kNew);
}

TEST_F(ServerTransactionsTest, TellsTheSameRequestOnAnotherWay) {
  Remember(Keyed(RequestWith("c", "z9hG4bK1")), "answer");
  EXPECT_EQ(Match(Keyed(RequestWith("c", "z9hG4bK2"))), TransactionMatch::kMerged);
  Request other_sent_by = RequestWith("c", "z9hG4bK1");
  other_sent_by.via = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1";
  EXPECT_EQ(Match(Keyed(other_sent_by)), TransactionMatch::kMerged);
  // A request within a dialog has a To tag, and is never a merged one (RFC 3261 8.2.2.2).
  Request in_dialog = RequestWith("c", "z9hG4bK2");
  in_dialog.to += ";tag=1";
  EXPECT_EQ(Match(Keyed(in_dialog)), TransactionMatch::kNew);
}

TEST_F(ServerTransactionsTest, FindsTheRequestThatACancelMeans) {
  const Keyed request(RequestWith("c"));
  Remember(request, "answer");
  Request cancel = RequestWith("c");
  cancel.method = "CANCEL";
  EXPECT_EQ(Match(Keyed(cancel)), TransactionMatch::kCancelsAnswered);
  cancel.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK2";
  EXPECT_EQ(Match(Keyed(cancel)), TransactionMatch::kNew);
  cancel = RequestWith("unknown");
  cancel.method = "CANCEL";
  EXPECT_EQ(Match(Keyed(cancel)), TransactionMatch::kNew);
  EXPECT_EQ(Answer(request), "answer");
}

TEST_F(ServerTransactionsTest, ForgetsAfterTheirLifetime) {
  const Keyed request(RequestWith("c"));
  Remember(request, "answer");
  now_ += absl::Seconds(32) - absl::Milliseconds(1);
  EXPECT_EQ(Answer(request), "answer");
  EXPECT_EQ(Match(Keyed(RequestWith("c", "z9hG4bK2"))), TransactionMatch::kMerged);
  now_ += absl::Milliseconds(1);
  EXPECT_EQ(Match(request), TransactionMatch::kNew);
  EXPECT_EQ(Match(Keyed(RequestWith("c", "z9hG4bK2"))), TransactionMatch::kNew);
  // And a new transaction of that name has a life of its own.
  Remember(request, "another");
  now_ += absl::Seconds(31);
  EXPECT_EQ(Answer(request), "another");
}

TEST_F(ServerTransactionsTest, MemoryLimitPushesTheOldestOut) {
  const std::string answer(1'000, 'a');
  constexpr int kCount = 4'000;  // four times what there is room for
  int known = 0;
  for (int i = 0; i < kCount; ++i) Remember(Keyed(RequestWith(std::to_string(i))), answer);
  for (int i = 0; i < kCount; ++i) {
    known += Answer(Keyed(RequestWith(std::to_string(i)))).empty() ? 0 : 1;
  }
  EXPECT_LT(known, static_cast<int>(kMemory / answer.size()));
  EXPECT_GT(known, static_cast<int>(kMemory / answer.size() / 2));
  for (int i = kCount - 100; i < kCount; ++i) {
    EXPECT_EQ(Answer(Keyed(RequestWith(std::to_string(i)))), answer) << i;
  }
  EXPECT_EQ(Answer(Keyed(RequestWith("0"))), "");
}

TEST_F(ServerTransactionsTest, AnswerTooLargeForTheMemoryIsNotKeptAndDisplacesNothing) {
  ServerTransactions tiny(LimitsOf(16 * 512));
  const Keyed small(RequestWith("small"));
  tiny.Remember(small.key(), now_, {.answer = "answer"});
  for (int i = 0; i < 100; ++i) {
    const Keyed large(RequestWith("large" + std::to_string(i)));
    tiny.Remember(large.key(), now_, {.answer = std::string(1'000, 'x')});
    EXPECT_EQ(tiny.Find(large.key(), now_, *buffer_).answer_size, 0U);
  }
  EXPECT_EQ(tiny.Find(small.key(), now_, *buffer_).answer_size, 6U);
  ServerTransactions none(LimitsOf(0));
  none.Remember(small.key(), now_, {.answer = "answer"});
  EXPECT_EQ(none.Find(small.key(), now_, *buffer_).answer_size, 0U);
}

/// What must be known still: of each shard's entries the newest, as far as its memory reaches.
class Model {
 public:
  explicit Model(std::size_t shard_bytes) : shard_bytes_(shard_bytes) {}

  void Remember(std::uint64_t hash, const std::string& call_id, std::size_t bytes) {
    shards_[hash >> 60].push_back({call_id, bytes});
    if (shards_[hash >> 60].size() > 2'000) {
      shards_[hash >> 60].erase(shards_[hash >> 60].begin());
    }
  }

  /// Call-IDs that cannot have been pushed out; `slack` = the largest entry, for the end of a ring
  /// that it did not fit.
  std::vector<std::string> SurelyKnown(std::size_t slack) const {
    std::vector<std::string> known;
    for (const auto& [shard, entries] : shards_) {
      std::size_t used = slack;
      for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        used += entry->bytes;
        if (used > shard_bytes_) break;
        known.push_back(entry->call_id);
      }
    }
    return known;
  }

 private:
  struct Entry {
    std::string call_id;
    std::size_t bytes;
  };
  const std::size_t shard_bytes_;
  std::map<std::uint64_t, std::vector<Entry>> shards_;
};

TEST_F(ServerTransactionsTest, RingOfAnySizeHoldsWhatAModelSays) {
  constexpr std::size_t kOverheadBytes = 64;  // of an entry, or less
  constexpr std::size_t kLargestAnswer = 900;
  std::mt19937 random(3261);
  for (const std::size_t shard_bytes : {4'000U, 4'096U, 4'104U, 10'007U}) {
    ServerTransactions transactions(LimitsOf(16 * shard_bytes));
    Model model(shard_bytes / 8 * 8);
    std::map<std::string, std::string> answers;
    std::size_t checked = 0;
    for (int i = 0; i < 3'000; ++i) {
      const std::string call_id = std::to_string(i) + std::string(random() % 50, 'c');
      const std::string answer(1 + random() % kLargestAnswer, static_cast<char>('a' + i % 26));
      const Keyed request(RequestWith(call_id));
      transactions.Remember(request.key(), now_, {.answer = answer});
      answers[call_id] = answer;
      model.Remember(request.key().hash, call_id,
                     kOverheadBytes + call_id.size() + 100 + answer.size());
      if (i % 100 != 99) continue;
      for (const std::string& known : model.SurelyKnown(kOverheadBytes + 150 + kLargestAnswer)) {
        const auto found = transactions.Find(Keyed(RequestWith(known)).key(), now_, *buffer_);
        ASSERT_EQ(std::string(buffer_->data(), found.answer_size), answers[known]);
        ++checked;
      }
    }
    EXPECT_GT(checked, 300U) << shard_bytes;
    // What is known beyond that is right, too.
    std::size_t bytes = 0;
    for (const auto& [call_id, answer] : answers) {
      const auto found = transactions.Find(Keyed(RequestWith(call_id)).key(), now_, *buffer_);
      if (found.answer_size == 0) continue;
      ASSERT_EQ(std::string(buffer_->data(), found.answer_size), answer);
      bytes += found.answer_size;
    }
    EXPECT_LE(bytes, 16 * shard_bytes);
  }
}

TEST_F(ServerTransactionsTest, ServesManyThreads) {
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([this, id] {
      auto buffer = std::make_unique<std::array<char, core::Limits::kMaxAnswerBytes>>();
      for (int i = 0; i < 500; ++i) {
        const std::string name = std::to_string(id) + "-" + std::to_string(i);
        const Keyed request(RequestWith(name));
        transactions_.Remember(request.key(), now_, {.answer = name});
        const auto found = transactions_.Find(request.key(), now_, *buffer);
        EXPECT_EQ(std::string(buffer->data(), found.answer_size), name);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace muster::sip
