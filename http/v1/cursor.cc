#include "cursor.h"

#include "absl/strings/escaping.h"
#include "value_text.h"

namespace muster::http::v1 {
namespace {

std::optional<core::FieldValue> ParseKey(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::string_view key = text.substr(1);
  if (text.front() == 'n') {
    if (const auto number = ParseWhole<std::int64_t>(key)) return *number;
    return std::nullopt;
  }
  const bool is_hex = key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (text.front() != 't' || !is_hex || key.size() % 2 != 0) return std::nullopt;
  return absl::HexStringToBytes({key.data(), key.size()});
}

}  // namespace

std::string CursorText(core::RowPosition position) {
  return std::to_string(position.shard) + "-" + std::to_string(position.row);
}

std::string CursorText(const core::SortPlace& place) {
  const auto* const text = std::get_if<std::string>(&place.key);
  const std::string key = text != nullptr ? "t" + absl::BytesToHexString(*text)
                                          : "n" + std::to_string(std::get<std::int64_t>(place.key));
  return CursorText(place.position) + "-" + key;
}

std::optional<core::RowPosition> ParseCursor(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto shard = ParseWhole<std::uint32_t>(text.substr(0, dash));
  const auto row = ParseWhole<std::uint32_t>(text.substr(dash + 1));
  if (!shard || !row) return std::nullopt;
  return core::RowPosition{*shard, *row};
}

std::optional<core::SortPlace> ParseSortCursor(std::string_view text) {
  const std::size_t shard_end = text.find('-');
  if (shard_end == std::string_view::npos) return std::nullopt;
  const std::size_t row_end = text.find('-', shard_end + 1);
  if (row_end == std::string_view::npos) return std::nullopt;
  const auto position = ParseCursor(text.substr(0, row_end));
  auto key = ParseKey(text.substr(row_end + 1));
  if (!position || !key) return std::nullopt;
  return core::SortPlace{*std::move(key), *position};
}

}  // namespace muster::http::v1
