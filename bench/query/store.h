#pragma once

// One face for the stores that are measured side by side.
//
// What is timed of each is the same: a whole answer (the exact total, and copies of the rows on the
// page, as whoever writes them to a socket needs them once the locks are let go) or one refresh.

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/query/question.h"
#include "bench/query/row_generator.h"
#include "muster/core/location_service.h"

namespace muster::bench {

struct ServerCount {
  core::ServerId server = 0;
  std::uint64_t bindings = 0;
};

/// Reuse one for question after question. Only the part that the question asks for is filled.
struct QueryAnswer {
  void Clear();

  std::uint64_t total = 0;
  core::BindingPage bindings;
  std::vector<OutboundRow> outbound;
  std::vector<ServerCount> groups;  // each server that has bindings once, in any order
};

inline void QueryAnswer::Clear() {
  total = 0;
  bindings.Clear();
  outbound.clear();
  groups.clear();
}

class QueryStore {
 public:
  virtual ~QueryStore() = default;

  // Before anything is asked, and by one thread.
  /// `row` is gone afterwards: what the store needs of it, it copies.
  virtual void Add(const BindingRow& row) = 0;
  virtual void Add(const OutboundRow& row) = 0;
  /// Behind the last row of either kind: what is better done once for all than row by row.
  virtual void FinishBindings() {}
  virtual void FinishOutbound() {}

  // Thread-safe from here on.
  /// Finds the binding of the same AoR and Contact, as a registrar does, and gives it the CSeq and
  /// the times of `row`. False when there is none.
  virtual bool Refresh(const BindingRow& row) = 0;
  /// Replaces what `answer` holds.
  virtual void Answer(const Question& question, QueryAnswer& answer) = 0;
};

std::unique_ptr<QueryStore> MakeMusterStore();
std::unique_ptr<QueryStore> MakeSqliteStore();
std::unique_ptr<QueryStore> MakeMultiIndexStore();

}  // namespace muster::bench
