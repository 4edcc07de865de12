#include "muster/core/binding.h"

#include <algorithm>

#include "muster/core/text.h"

namespace muster::core {
namespace {

constexpr std::size_t kMacDigits = 12;

bool IsHexDigit(char c) {
  const char lower = LowerAscii(c);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

/// Digits between two separators: 2 in 00:04:f2:.., 4 in 0004.f2.., 12 without separators, else 0.
std::size_t MacGroupSize(std::string_view text) {
  switch (text.size()) {
    case 12:
      return 12;
    case 14:
      return 4;
    case 17:
      return 2;
    default:
      return 0;
  }
}

/// RFC 4122 section 3, with a 1 where the version stands.
bool IsVersion1Uuid(std::string_view uuid) {
  static constexpr std::string_view kForm = "xxxxxxxx-xxxx-1xxx-xxxx-xxxxxxxxxxxx";
  static constexpr std::size_t kVersionAt = kForm.find('1');
  // Most have version 4, and are done with.
  if (uuid.size() != kForm.size() || uuid[kVersionAt] != kForm[kVersionAt]) return false;
  return std::ranges::equal(
      uuid, kForm, [](char c, char form) { return form == 'x' ? IsHexDigit(c) : c == form; });
}

}  // namespace

std::int64_t Binding::SecondsLeft(absl::Time now) const {
  if (expires_at <= now) return 0;
  return absl::ToInt64Seconds(absl::Ceil(expires_at - now, absl::Seconds(1)));
}

int QThousandths(std::string_view q_text) {
  constexpr int kMost = 1000;
  if (q_text.empty()) return kMost;
  if (q_text.front() == '1') return kMost;
  const std::size_t point = q_text.find('.');
  if (q_text.substr(0, point) != "0" && point != 0) return kMost;
  int thousandths = 0;
  for (std::size_t i = 1; i <= 3; ++i) {
    const bool has_digit = point != std::string_view::npos && point + i < q_text.size() &&
                           q_text[point + i] >= '0' && q_text[point + i] <= '9';
    thousandths = thousandths * 10 + (has_digit ? q_text[point + i] - '0' : 0);
  }
  return thousandths;
}

std::optional<std::string> NormalizeMac(std::string_view text) {
  const std::size_t group = MacGroupSize(text);
  if (group == 0) return std::nullopt;
  std::string mac;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separator_due = i % (group + 1) == group;
    if (separator_due) {
      const char separator = text[i];
      if (separator != text[group] || (separator != ':' && separator != '-' && separator != '.')) {
        return std::nullopt;
      }
    } else {
      if (!IsHexDigit(text[i])) return std::nullopt;
      mac.push_back(LowerAscii(text[i]));
    }
  }
  return mac;
}

std::string_view InstrumentFromInstance(std::string_view instance) {
  static constexpr std::string_view kUuidUrn = "urn:uuid:";
  if (EqualsIgnoringCase(instance.substr(0, kUuidUrn.size()), kUuidUrn) &&
      IsVersion1Uuid(instance.substr(kUuidUrn.size()))) {
    return instance.substr(instance.size() - kMacDigits);
  }
  return instance;
}

}  // namespace muster::core
