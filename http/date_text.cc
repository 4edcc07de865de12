#include "date_text.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::http {
namespace {

namespace chrono = std::chrono;

/// Of a time from 1677 to 2262, the ends of what nanoseconds in 64 bits can count.
struct Fields {
  explicit Fields(absl::Time time) {
    time = absl::FromUnixNanos(absl::ToUnixNanos(time));
    const chrono::sys_seconds second(chrono::seconds(absl::ToUnixSeconds(time)));
    days = chrono::floor<chrono::days>(second);
    date = days;
    of_day = chrono::hh_mm_ss<chrono::seconds>(second - days);
    nanoseconds = absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(absl::ToUnixSeconds(time)));
  }

  chrono::sys_days days;
  chrono::year_month_day date;
  chrono::hh_mm_ss<chrono::seconds> of_day;
  std::int64_t nanoseconds;
};

/// Writes `number` with `digits` digits to `at`.
void PutDigits(std::size_t number, std::size_t digits, char* at) {
  while (digits != 0) {
    at[--digits] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

std::size_t YearOf(const Fields& fields) {
  return static_cast<std::size_t>(static_cast<int>(fields.date.year()));
}

/// "12:00:00".
void PutTime(const Fields& fields, char* at) {
  at[2] = at[5] = ':';
  PutDigits(static_cast<std::size_t>(fields.of_day.hours().count()), 2, at);
  PutDigits(static_cast<std::size_t>(fields.of_day.minutes().count()), 2, at + 3);
  PutDigits(static_cast<std::size_t>(fields.of_day.seconds().count()), 2, at + 6);
}

}  // namespace

std::string Rfc3339Text(absl::Time time) {
  const Fields fields(time);
  char text[] = "0000-00-00T00:00:00.000000000";
  PutDigits(YearOf(fields), 4, text);
  PutDigits(static_cast<unsigned>(fields.date.month()), 2, text + 5);
  PutDigits(static_cast<unsigned>(fields.date.day()), 2, text + 8);
  PutTime(fields, text + 11);
  std::size_t size = 19;
  if (fields.nanoseconds != 0) {
    size = sizeof(text) - 1;
    PutDigits(static_cast<std::size_t>(fields.nanoseconds), 9, text + 20);
    while (text[size - 1] == '0') --size;
  }
  text[size] = 'Z';  // at most in place of the NUL
  return std::string(text, size + 1);
}

std::string HttpDate(absl::Time time) {
  constexpr std::string_view kWeekdays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const Fields fields(time);
  std::string text = "Day, 00 Mon 0000 00:00:00 GMT";
  text.replace(0, 3, kWeekdays, 3 * chrono::weekday(fields.days).c_encoding(), 3);
  PutDigits(static_cast<unsigned>(fields.date.day()), 2, &text[5]);
  text.replace(8, 3, kMonths, 3 * (static_cast<unsigned>(fields.date.month()) - 1), 3);
  PutDigits(YearOf(fields), 4, &text[12]);
  PutTime(fields, &text[17]);
  return text;
}

}  // namespace muster::http
