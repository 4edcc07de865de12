#include "paging.h"

#include <charconv>
#include <limits>

namespace muster::http::sipxcom {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();

std::optional<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count > kMax) return std::nullopt;
  return count;
}

/// The parameter's value, or nullopt when it is absent, or wrong, which `problem` then says.
std::optional<std::uint64_t> ReadCount(const Request& request, std::string_view name,
                                       std::string& problem) {
  const std::vector<std::string_view> values = request.QueryValues(name);
  if (values.empty()) return std::nullopt;
  if (values.size() > 1) {
    problem = std::string(name) + " is given more than once";
    return std::nullopt;
  }
  const std::optional<std::uint64_t> count = ParseCount(values.front());
  if (!count) problem = std::string(name) + " must be an integer from 0 to " + std::to_string(kMax);
  return count;
}

}  // namespace

PagingResult ReadPaging(const Request& request) {
  PagingResult result;
  const auto start = ReadCount(request, "start", result.problem);
  if (!result.problem.empty()) return result;
  const auto limit = ReadCount(request, "limit", result.problem);
  if (start && limit) result.paging = Paging{*start, *limit};
  return result;
}

}  // namespace muster::http::sipxcom
