#include "basic_rules.h"
#include "muster/parser/header_values.h"

namespace muster::parser {
namespace {

bool ParseNumberAlone(std::string_view value, std::uint32_t max, std::uint32_t& number,
                      ParseError& error) {
  Scanner in(value);
  in.SkipLws();
  if (!ScanNumber(in, max, number, error)) return false;
  in.SkipLws();
  return in.AtEnd() || in.Fail(ErrorCode::kBadNumber, error);
}

}  // namespace

bool ParseDeltaSeconds(std::string_view value, std::uint32_t& seconds, ParseError& error) {
  return ParseNumberAlone(value, kMaxSeconds, seconds, error);
}

bool ParseMaxForwards(std::string_view value, std::uint8_t& hops, ParseError& error) {
  std::uint32_t number = 0;
  if (!ParseNumberAlone(value, 255, number, error)) return false;
  hops = static_cast<std::uint8_t>(number);
  return true;
}

}  // namespace muster::parser
