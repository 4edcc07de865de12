#pragma once

// Takes lines of an import into the table, each by itself. Confined to one thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "binding_line.h"
#include "muster/core/commits.h"
#include "muster/core/location_service.h"

namespace muster::http::v1 {

struct ImportOptions {
  std::size_t max_contacts = 0;  // bindings per AoR
  bool dry_run = false;          // each line is checked against what is there, and changes nothing
};

class BindingImport {
 public:
  struct BadLine {
    std::size_t line = 0;  // counted from 1
    std::string message;
  };
  struct Result {
    std::size_t imported = 0;
    /// Lines that are no change: the binding has expired, or is there as new as in the line.
    std::size_t skipped = 0;
    std::vector<BadLine> errors;
    /// The batches to wait for before anybody is told; 0 = none.
    core::BatchNumber first_batch = 0;
    core::BatchNumber last_batch = 0;
  };

  /// `location` must outlive it.
  BindingImport(core::LocationService& location, absl::Time now, ImportOptions options)
      : location_(location), now_(now), options_(options) {}

  /// Lines apart by line feeds; empty ones count and mean nothing.
  void TakeLines(std::string_view text);
  const Result& result() const { return result_; }

 private:
  enum class Fate { kImported, kSkipped, kRefused };

  std::string TakeLine(std::string_view line);
  bool FindServer(core::ServerId& id);
  Fate Apply(core::Record& record, const core::Binding& binding, std::string& problem) const;
  void AddInOrder(core::Record& record, const core::Binding& binding) const;
  void AddBatch(core::BatchNumber batch);

  core::LocationService& location_;
  const absl::Time now_;
  const ImportOptions options_;
  BindingLineReader reader_;
  BindingLine line_;
  core::Server server_;  // of the last line that had one, and its id
  core::ServerId server_id_ = 0;
  Result result_;
};

}  // namespace muster::http::v1
