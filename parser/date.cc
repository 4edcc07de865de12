#include <array>
#include <chrono>

#include "basic_rules.h"
#include "muster/parser/information.h"

namespace muster::parser {
namespace {

// In the order of std::chrono::weekday's C encoding.
constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct DateParts {
  unsigned weekday = 0;  // 0 = Sunday
  unsigned day = 0;
  unsigned month = 0;  // 0 = January
  unsigned year = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

// None of these moves when it fails.

bool SkipText(Scanner& in, std::string_view text) {
  if (!in.Rest().starts_with(text)) return false;
  in.Advance(text.size());
  return true;
}

template <std::size_t kCount>
bool TakeName(Scanner& in, const std::array<std::string_view, kCount>& names, unsigned& index) {
  for (index = 0; index < kCount; ++index) {
    if (SkipText(in, names[index])) return true;
  }
  return false;
}

bool TakeDigits(Scanner& in, std::size_t count, unsigned max, unsigned& number) {
  const std::string_view rest = in.Rest();
  if (rest.size() < count) return false;
  const auto parsed = ParseNumber(rest.substr(0, count), max);
  if (!parsed) return false;
  number = *parsed;
  in.Advance(count);
  return true;
}

bool TakeParts(Scanner& in, DateParts& parts) {
  return TakeName(in, kWeekdays, parts.weekday) && SkipText(in, ", ") &&
         TakeDigits(in, 2, 31, parts.day) && in.Skip(' ') && TakeName(in, kMonths, parts.month) &&
         in.Skip(' ') && TakeDigits(in, 4, 9'999, parts.year) && in.Skip(' ') &&
         TakeDigits(in, 2, 23, parts.hour) && in.Skip(':') && TakeDigits(in, 2, 59, parts.minute) &&
         in.Skip(':') && TakeDigits(in, 2, 59, parts.second) && SkipText(in, " GMT");
}

}  // namespace

bool ParseDate(std::string_view value, std::int64_t& unix_seconds, ParseError& error) {
  Scanner in(value);
  in.SkipLws();
  const Scanner start = in;
  DateParts parts;
  if (!TakeParts(in, parts)) return in.Fail(ErrorCode::kBadValue, error);
  if (!ScanEnd(in, error)) return false;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(parts.year)),
                                         std::chrono::month(parts.month + 1),
                                         std::chrono::day(parts.day));
  if (!date.ok()) return start.Fail(ErrorCode::kBadValue, error);
  const std::chrono::sys_days days(date);
  if (std::chrono::weekday(days).c_encoding() != parts.weekday) {
    return start.Fail(ErrorCode::kBadValue, error);
  }
  const std::int64_t seconds_of_day = (parts.hour * 60 + parts.minute) * 60 + parts.second;
  unix_seconds = std::chrono::seconds(days.time_since_epoch()).count() + seconds_of_day;
  return true;
}

}  // namespace muster::parser
