#include "muster/parser/media_type.h"

#include "basic_rules.h"

namespace muster::parser {
namespace {

bool ScanTypes(Scanner& in, MediaType& media_type, ParseError& error) {
  in.SkipLws();
  media_type.type = in.Take(kToken);
  if (media_type.type.empty()) return in.Fail(ErrorCode::kBadToken, error);
  in.SkipLws();
  if (!in.Skip('/')) return in.Fail(ErrorCode::kBadValue, error);
  in.SkipLws();
  media_type.subtype = in.Take(kToken);
  return !media_type.subtype.empty() || in.Fail(ErrorCode::kBadToken, error);
}

}  // namespace

bool ParseMediaType(std::string_view value, MediaType& media_type, ParseError& error) {
  Scanner in(value);
  const Scanner start = in;
  if (!ScanTypes(in, media_type, error)) return false;
  if (media_type.type == "*" || media_type.subtype == "*") {
    return start.Fail(ErrorCode::kBadValue, error);
  }
  return ScanParametersToEnd(in, media_type.params, error, [](const Parameter& parameter) {
    return parameter.has_value ? ErrorCode::kNone : ErrorCode::kBadParameter;
  });
}

bool ParseMediaRange(std::string_view value, MediaType& range, ParseError& error) {
  Scanner in(value);
  const Scanner start = in;
  if (!ScanTypes(in, range, error)) return false;
  if (range.type == "*" && range.subtype != "*") return start.Fail(ErrorCode::kBadValue, error);
  return ScanParametersToEnd(in, range.params, error,
                             [](const Parameter&) { return ErrorCode::kNone; });
}

}  // namespace muster::parser
