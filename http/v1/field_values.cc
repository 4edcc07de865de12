#include "field_values.h"

#include <limits>
#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "value_text.h"

namespace muster::http::v1 {
namespace {

constexpr std::int64_t kEndOfTime = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

/// The whole of `text`, decimal digits, as a number of 0 to `max`.
std::optional<std::int64_t> ParseNumber(std::string_view text, std::int64_t max) {
  const auto number = ParseWhole<std::uint64_t>(text);
  if (!number || *number > static_cast<std::uint64_t>(max)) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

/// The nanoseconds that a time stands for.
std::optional<core::NumberRange> ParseTime(std::string_view text) {
  if (const auto seconds = ParseNumber(text, kEndOfTimeSeconds - 1)) {
    const std::int64_t first = *seconds * kNanosPerSecond;
    return core::NumberRange{first, first + kNanosPerSecond - 1};
  }
  const auto time = ParseRfc3339(text);
  if (!time || *time < absl::UnixEpoch() || *time >= absl::FromUnixSeconds(kEndOfTimeSeconds)) {
    return std::nullopt;
  }
  const std::int64_t first = absl::ToUnixNanos(*time);
  const bool is_whole = text.find('.') == std::string_view::npos;
  return core::NumberRange{first, is_whole ? first + kNanosPerSecond - 1 : first};
}

/// Splits at the colon that leaves two times, of which one may be empty.
std::optional<core::NumberRange> ParseTimeRange(const FilterItem& item) {
  for (const std::size_t colon : item.colons) {
    const std::string_view first = std::string_view(item.text).substr(0, colon);
    const std::string_view last = std::string_view(item.text).substr(colon + 1);
    const auto from = first.empty() ? core::NumberRange{0, 0} : ParseTime(first);
    const auto to = last.empty() ? core::NumberRange{0, kEndOfTime} : ParseTime(last);
    if (from && to && !(first.empty() && last.empty())) {
      return core::NumberRange{from->first, to->last};
    }
  }
  return std::nullopt;
}

std::string AddRange(const core::NumberRange& range, core::Condition& condition) {
  if (range.first > range.last) return "is a range that ends before it begins";
  condition.ranges.push_back(range);
  return "";
}

}  // namespace

std::string AddNumbers(const FilterItem& item, std::int64_t max, core::Condition& condition) {
  const std::string problem =
      "is no number from 0 to " + std::to_string(max) + ", nor a range of two";
  if (item.is_prefix || item.colons.size() > 1) return problem;
  const std::size_t colon = item.colons.empty() ? item.text.size() : item.colons.front();
  const std::string_view first = std::string_view(item.text).substr(0, colon);
  const std::string_view last =
      item.colons.empty() ? first : std::string_view(item.text).substr(colon + 1);
  if (first.empty() && last.empty()) return problem;
  const auto from = first.empty() ? 0 : ParseNumber(first, max);
  const auto to = last.empty() ? max : ParseNumber(last, max);
  if (!from || !to) return problem;
  return AddRange({*from, *to}, condition);
}

std::string AddTimes(const FilterItem& item, core::Condition& condition) {
  auto range = item.is_prefix ? std::nullopt : ParseTime(item.text);
  if (!range && !item.is_prefix) range = ParseTimeRange(item);
  if (!range) return "is no time (RFC 3339, or seconds since 1970), nor a range of two";
  return AddRange(*range, condition);
}

std::string AddBlock(const FilterItem& item, core::Condition& condition) {
  const std::size_t slash = item.text.find('/');
  const auto address = core::IpAddress::Parse(item.text.substr(0, slash));
  if (!address || item.is_prefix) {
    return "is no IP address, nor a block such as 10.0.0.0/8";
  }
  const int most = address->is_v4() ? 32 : 128;
  std::optional<std::int64_t> bits = most;
  if (slash != std::string::npos) bits = ParseNumber(item.text.substr(slash + 1), most);
  if (!bits) return "is a block without a length from 0 to " + std::to_string(most);
  const auto prefix = static_cast<std::uint8_t>(*bits + 128 - most);
  condition.blocks.push_back(core::AddressBlock::Around(*address, prefix));
  return "";
}

}  // namespace muster::http::v1
