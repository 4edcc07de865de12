#pragma once

// What /v1/bindings answers besides lists. Each reader gives nullopt when the document is none of
// its kind.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::daemon::cli {

struct Group {
  std::string value;  // of texts without quotes, of numbers their digits
  bool has_value = true;
  std::uint64_t count = 0;
  std::string json;
};
struct Groups {
  std::vector<Group> groups;  // the largest first
  std::uint64_t total = 0;    // bindings
};
std::optional<Groups> ReadGroups(std::string_view document);

struct Explanation {
  struct Step {
    std::string field;
    std::string role;                   // leads, joins or looks
    std::optional<std::uint64_t> rows;  // of its index
  };
  std::vector<Step> steps;
  std::uint64_t rows_at_most = 0;
  std::uint64_t rows_looked_at = 0;
  std::string json;
};
std::optional<Explanation> ReadExplanation(std::string_view document);

/// The number that an object has under `name`.
std::optional<std::uint64_t> ReadNumber(std::string_view document, std::string_view name);

struct ErrorAnswer {
  std::string code;
  std::string message;
};
std::optional<ErrorAnswer> ReadError(std::string_view document);

}  // namespace muster::daemon::cli
