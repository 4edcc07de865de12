#pragma once

// What is asked of the stores of query_bench. Each instance of a question differs from the others:
// its values are those of a row drawn at random.

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/query/row_generator.h"

namespace muster::bench {

inline constexpr std::size_t kPageRows = 50;

enum class QuestionKind {
  kUser,
  kMac,
  kCallId,
  kIp,        // a phone's own address: hardly ever more than one row
  kOfficeIp,  // that of a NAT: 10 to 40 rows
  kServer,
  kTransport,
  kDomain,
  kStatusSet,  // of the outbound rows
  kCidr8,
  kCidr16,
  kCidr20,
  kCidr24,
  kCidrAgent8,  // with the beginning of a User-Agent
  kCidrAgent16,
  kCidrAgent20,
  kCidrAgent24,
  kThreeFields,  // server, transport and User-Agent
  kFirstPage,    // of all bindings
  kDeepPage,     // of all bindings, from the middle on
  kGroupByServer,
};

/// Each kind once, in the order of the table.
std::span<const QuestionKind> QuestionKinds();
/// "status_set"
std::string_view NameOf(QuestionKind kind);

/// Addresses from `first` to `last`, in host order.
struct AddressRange {
  bool Has(std::uint32_t address) const { return first <= address && address <= last; }

  std::uint32_t first = 0;
  std::uint32_t last = 0;
  int prefix_bits = 32;
};

/// Status codes from `first` to `last`.
struct StatusRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

/// Conditions that are joined by "and"; those that are empty are none. The answer is the exact
/// total and the kPageRows rows behind the first `offset`, in any order that stays the same.
struct Question {
  QuestionKind kind = QuestionKind::kFirstPage;
  std::string user;
  std::string mac;
  std::string call_id;
  std::optional<AddressRange> ip;  // of Contact host, source or Call-ID host
  std::optional<core::ServerId> server;
  std::optional<core::Transport> transport;
  std::string domain;
  std::string user_agent;
  bool user_agent_is_prefix = false;
  std::vector<StatusRange> status;  // any of them; asks for outbound rows
  std::uint64_t offset = 0;         // of bindings
};

bool Matches(const Question& question, const BindingRow& row);
bool Matches(const Question& question, const OutboundRow& row);

/// Draws questions about the first `rows` rows. Confined to one thread.
class QuestionGenerator {
 public:
  QuestionGenerator(const RowGenerator& rows, std::uint32_t count, std::uint32_t seed);

  Question Make(QuestionKind kind);
  std::vector<Question> Make(QuestionKind kind, std::size_t count);

 private:
  std::uint32_t Below(std::uint32_t end);
  BindingRow AnyRow() { return rows_.MakeBinding(Below(count_)); }
  void AskForKey(Question& question);
  void AskForFields(Question& question);
  void AskForNetwork(int prefix_bits, Question& question);
  void AskForUserAgents(Question& question);
  void AskForStatus(Question& question);

  const RowGenerator& rows_;
  const std::uint32_t count_;
  std::mt19937 random_;
};

}  // namespace muster::bench
