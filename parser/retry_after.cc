#include "basic_rules.h"
#include "muster/parser/information.h"

namespace muster::parser {

bool ParseRetryAfter(std::string_view value, RetryAfter& retry_after, ParseError& error) {
  retry_after = RetryAfter{};
  Scanner in(value);
  in.SkipLws();
  if (!ScanNumber(in, kMaxSeconds, retry_after.seconds, error)) return false;
  in.SkipLws();
  if (in.At('(') && !ScanComment(in, retry_after.comment, error)) return false;
  return ScanParametersToEnd(in, retry_after.params, error, [&](const Parameter& parameter) {
    if (!EqualsIgnoreCase(parameter.name, "duration")) return ErrorCode::kNone;
    return TakeSecondsOnce(parameter, retry_after.duration_seconds);
  });
}

}  // namespace muster::parser
