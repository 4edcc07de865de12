#include <array>

#include "basic_rules.h"
#include "muster/parser/information.h"

namespace muster::parser {
namespace {

// The first day of the year 1 was a Monday.
constexpr std::array<std::string_view, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu",
                                                       "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<unsigned, 12> kDaysOfMonth = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

struct DateParts {
  unsigned weekday = 0;  // 0 = Monday
  unsigned day = 0;
  unsigned month = 0;  // 0 = January
  unsigned year = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

// None of these moves when it fails.

template <std::size_t kCount>
bool TakeName(Scanner& in, const std::array<std::string_view, kCount>& names, unsigned& index) {
  for (index = 0; index < kCount; ++index) {
    if (in.Skip(names[index])) return true;
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
  return TakeName(in, kWeekdays, parts.weekday) && in.Skip(", ") &&
         TakeDigits(in, 2, 31, parts.day) && in.Skip(' ') && TakeName(in, kMonths, parts.month) &&
         in.Skip(' ') && TakeDigits(in, 4, 9'999, parts.year) && in.Skip(' ') &&
         TakeDigits(in, 2, 23, parts.hour) && in.Skip(':') && TakeDigits(in, 2, 59, parts.minute) &&
         in.Skip(':') && TakeDigits(in, 2, 59, parts.second) && in.Skip(" GMT");
}

constexpr bool IsLeapYear(unsigned year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr bool Exists(const DateParts& parts) {
  const bool leap_day = parts.day == 29 && parts.month == 1 && IsLeapYear(parts.year);
  return parts.year != 0 && parts.day != 0 && (leap_day || parts.day <= kDaysOfMonth[parts.month]);
}

// Since the first day of the year 1, by the Gregorian calendar.
constexpr unsigned DaysBefore(const DateParts& parts) {
  const unsigned years = parts.year - 1;
  unsigned days = years * 365 + years / 4 - years / 100 + years / 400 + parts.day - 1;
  for (unsigned month = 0; month < parts.month; ++month) days += kDaysOfMonth[month];
  return days + (parts.month > 1 && IsLeapYear(parts.year) ? 1 : 0);
}

constexpr unsigned kDaysBefore1970 = DaysBefore({0, 1, 0, 1'970, 0, 0, 0});

}  // namespace

bool ParseDate(std::string_view value, std::int64_t& unix_seconds, ParseError& error) {
  Scanner in(value);
  in.SkipLws();
  const Scanner start = in;
  DateParts parts;
  if (!TakeParts(in, parts)) return in.Fail(ErrorCode::kBadValue, error);
  if (!ScanEnd(in, error)) return false;
  if (!Exists(parts)) return start.Fail(ErrorCode::kBadValue, error);
  const unsigned days = DaysBefore(parts);
  if (days % 7 != parts.weekday) return start.Fail(ErrorCode::kBadValue, error);
  const std::int64_t seconds_of_day = (parts.hour * 60 + parts.minute) * 60 + parts.second;
  unix_seconds = (std::int64_t{days} - kDaysBefore1970) * 86'400 + seconds_of_day;
  return true;
}

}  // namespace muster::parser
