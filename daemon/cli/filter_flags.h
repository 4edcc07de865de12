#pragma once

// A flag for each filter of /v1/bindings: --call-id for call_id.

#include <array>
#include <string>
#include <vector>

#include "muster/core/binding_filter.h"
#include "url.h"

namespace CLI {
class App;
}

namespace muster::daemon::cli {

class FilterFlags {
 public:
  /// It must outlive the command's parsing.
  void AddTo(CLI::App& command);
  /// As parameters of a query. What a value may be is the daemon's to say.
  std::vector<QueryParameter> Given() const;

 private:
  std::array<std::vector<std::string>, core::kBindingFields> values_;
};

/// The name of a field as the API has it: user_agent for user-agent.
std::string FieldName(std::string text);

}  // namespace muster::daemon::cli
