#include "bench/query/answer_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "bench/query/concat.h"

namespace muster::bench {
namespace {

constexpr std::uint32_t kQuestionSeed = 5;

bool Same(const core::Binding& a, const core::Binding& b) {
  const auto texts = [](const core::Binding& of) {
    return std::tie(of.aor, of.user, of.to_uri, of.contact, of.contact_uri, of.call_id, of.instance,
                    of.instrument, of.user_agent);
  };
  const auto numbers = [](const core::Binding& of) {
    return std::tie(of.cseq, of.transport, of.source_address, of.source_port, of.server,
                    of.expires_at, of.registered_at, of.updated_at);
  };
  return texts(a) == texts(b) && numbers(a) == numbers(b);
}

/// Of the total and of the number of rows on the page.
std::string FaultOfCounts(const Question& question, std::uint64_t matching, std::uint64_t total,
                          std::size_t page_rows) {
  if (total != matching) return Concat("total is ", total, ", should be ", matching);
  const std::uint64_t behind = matching - std::min(matching, question.offset);
  const std::uint64_t expected = std::min<std::uint64_t>(kPageRows, behind);
  if (page_rows != expected)
    return Concat("the page has ", page_rows, " rows, should have ", expected);
  return "";
}

/// Some refreshes; false when the store does not find one of the bindings.
bool RefreshSome(QueryStore& store, AnswerCheck& check) {
  for (std::size_t n = 0; n < check.bindings().size(); n += 7) {
    BindingRow& row = check.bindings()[n];
    row.cseq += 1;
    row.updated_at = kNow + absl::Seconds(1);
    row.expires_at = kNow + absl::Seconds(3'600 + n % 3'600);
    if (!store.Refresh(row)) return false;
  }
  return true;
}

std::string FirstFaultNow(QueryStore& store, const AnswerCheck& check, QuestionGenerator& questions,
                          std::size_t times) {
  QueryAnswer answer;
  for (const QuestionKind kind : QuestionKinds()) {
    for (std::size_t n = 0; n < times; ++n) {
      const Question question = questions.Make(kind);
      store.Answer(question, answer);
      const std::string fault = check.FirstFault(question, answer);
      if (!fault.empty()) return Concat(NameOf(kind), " ", n, ": ", fault);
    }
  }
  return "";
}

}  // namespace

AnswerCheck::AnswerCheck(const RowGenerator& rows, std::uint32_t count) {
  bindings_.reserve(count);
  for (std::uint32_t row = 0; row < count; ++row) {
    bindings_.push_back(rows.MakeBinding(row));
    outbound_.push_back(rows.MakeOutbound(row));
  }
  for (std::size_t n = 0; n < bindings_.size(); ++n) by_call_id_[bindings_[n].call_id] = n;
}

std::string AnswerCheck::FirstFault(const Question& question, const QueryAnswer& answer) const {
  if (question.kind == QuestionKind::kGroupByServer) return FaultOfGroups(answer);
  if (!question.status.empty()) return FaultOfOutbound(question, answer);
  return FaultOfBindings(question, answer);
}

std::string AnswerCheck::FaultOfGroups(const QueryAnswer& answer) const {
  std::map<core::ServerId, std::uint64_t> expected;
  for (const BindingRow& row : bindings_) ++expected[row.server];
  if (answer.total != bindings_.size()) return "the total is not that of all bindings";
  if (answer.groups.size() != expected.size()) return "wrong number of groups";
  for (const ServerCount& group : answer.groups) {
    const std::uint64_t bindings = expected[group.server];
    if (group.bindings != bindings)
      return Concat("server ", group.server, " has ", group.bindings, ", should have ", bindings);
    expected[group.server] = 0;  // a second group of this server would be wrong
  }
  return "";
}

std::string AnswerCheck::FaultOfBindings(const Question& question,
                                         const QueryAnswer& answer) const {
  const auto matching = static_cast<std::uint64_t>(
      std::count_if(bindings_.begin(), bindings_.end(),
                    [&](const BindingRow& row) { return Matches(question, row); }));
  std::string fault = FaultOfCounts(question, matching, answer.total, answer.bindings.size());
  if (!fault.empty()) return fault;
  std::set<std::size_t> seen;
  for (const core::Binding& binding : answer.bindings) {
    const auto place = by_call_id_.find(binding.call_id);
    if (place == by_call_id_.end()) return Concat("there is no row of ", binding.call_id);
    const BindingRow& row = bindings_[place->second];
    if (!Matches(question, row)) return Concat("row ", place->second, " does not match");
    if (!Same(binding, row.View())) return Concat("row ", place->second, " has other values");
    if (!seen.insert(place->second).second) return Concat("row ", place->second, " is there twice");
  }
  return "";
}

std::string AnswerCheck::FaultOfOutbound(const Question& question,
                                         const QueryAnswer& answer) const {
  const auto matching = static_cast<std::uint64_t>(
      std::count_if(outbound_.begin(), outbound_.end(),
                    [&](const OutboundRow& row) { return Matches(question, row); }));
  std::string fault = FaultOfCounts(question, matching, answer.total, answer.outbound.size());
  if (!fault.empty()) return fault;
  std::set<std::uint32_t> seen;
  for (const OutboundRow& found : answer.outbound) {
    if (found.id == 0 || found.id > outbound_.size()) return Concat("there is no id ", found.id);
    const OutboundRow& row = outbound_[found.id - 1];
    if (!Matches(question, row)) return Concat("id ", found.id, " does not match");
    if (found != row) return Concat("id ", found.id, " has other values");
    if (!seen.insert(found.id).second) return Concat("id ", found.id, " is there twice");
  }
  return "";
}

std::string FirstFaultOf(QueryStore& store, const RowGenerator& generator, std::uint32_t rows,
                         std::size_t times) {
  AnswerCheck check(generator, rows);
  for (const BindingRow& row : check.bindings()) store.Add(row);
  store.FinishBindings();
  for (const OutboundRow& row : check.outbound()) store.Add(row);
  store.FinishOutbound();
  QuestionGenerator questions(generator, rows, kQuestionSeed);
  std::string fault = FirstFaultNow(store, check, questions, times);
  if (!fault.empty()) return fault;
  if (!RefreshSome(store, check)) return "a binding is not found to be refreshed";
  fault = FirstFaultNow(store, check, questions, times);
  return fault.empty() ? "" : Concat("after refreshes: ", fault);
}

std::string FirstWrongTotal(QueryStore& store, const RowGenerator& generator, std::uint32_t rows) {
  constexpr std::size_t kTimes = 3;
  QuestionGenerator questions(generator, rows, kQuestionSeed);
  std::vector<Question> asked;
  for (const QuestionKind kind : QuestionKinds()) {
    for (Question& question : questions.Make(kind, kTimes)) asked.push_back(std::move(question));
  }
  std::vector<std::uint64_t> matching(asked.size());
  for (std::uint32_t row = 0; row < rows; ++row) {
    const BindingRow binding = generator.MakeBinding(row);
    const OutboundRow outbound = generator.MakeOutbound(row);
    for (std::size_t n = 0; n < asked.size(); ++n)
      matching[n] += Matches(asked[n], binding) || Matches(asked[n], outbound);
  }
  QueryAnswer answer;
  for (std::size_t n = 0; n < asked.size(); ++n) {
    store.Answer(asked[n], answer);
    if (answer.total != matching[n])
      return Concat(NameOf(asked[n].kind), ": total is ", answer.total, ", should be ",
                    matching[n]);
  }
  return "";
}

}  // namespace muster::bench
