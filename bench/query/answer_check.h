#pragma once

// Holds answers against a naive scan over the rows that a store was filled with.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/query/question.h"
#include "bench/query/row_generator.h"
#include "bench/query/store.h"

namespace muster::bench {

/// Keeps all rows: meant for some ten thousand. Thread-compatible.
class AnswerCheck {
 public:
  AnswerCheck(const RowGenerator& rows, std::uint32_t count);

  /// What is wrong with the answer, or empty.
  std::string FirstFault(const Question& question, const QueryAnswer& answer) const;

  /// Change one along with the store that is checked.
  std::vector<BindingRow>& bindings() { return bindings_; }
  const std::vector<OutboundRow>& outbound() const { return outbound_; }

 private:
  std::string FaultOfGroups(const QueryAnswer& answer) const;
  std::string FaultOfBindings(const Question& question, const QueryAnswer& answer) const;
  std::string FaultOfOutbound(const Question& question, const QueryAnswer& answer) const;

  std::vector<BindingRow> bindings_;
  std::vector<OutboundRow> outbound_;
  std::unordered_map<std::string_view, std::size_t> by_call_id_;  // views of bindings_
};

/// Fills `store` with the first `rows` rows of each kind, asks `times` questions of each kind
/// before and after some refreshes, and returns what is wrong with the first wrong answer, or
/// empty.
std::string FirstFaultOf(QueryStore& store, const RowGenerator& generator, std::uint32_t rows,
                         std::size_t times);

/// Asks a few questions of each kind of a store that holds the first `rows` rows, and compares the
/// totals alone with those of a scan over rows made anew: for stores of any size. What is wrong
/// with the first wrong one, or empty.
std::string FirstWrongTotal(QueryStore& store, const RowGenerator& generator, std::uint32_t rows);

}  // namespace muster::bench
