#include "basic_rules.h"
#include "host.h"
#include "muster/parser/information.h"

namespace muster::parser {
namespace {

bool SkipWhiteSpace(Scanner& in, ParseError& error) {
  const char* const start = in.position();
  in.SkipLws();
  return in.position() != start || in.Fail(ErrorCode::kBadValue, error);
}

bool ScanCode(Scanner& in, Warning& warning, ParseError& error) {
  const Scanner start = in;
  const std::string_view digits = in.Take(kDigit);
  const auto code = ParseNumber(digits, 999);
  if (digits.size() != 3 || !code) return start.Fail(ErrorCode::kBadNumber, error);
  warning.code = static_cast<std::uint16_t>(*code);
  return true;
}

// warn-agent: hostport or pseudonym, which is a token.
bool ScanAgent(Scanner& in, Warning& warning, ParseError& error) {
  const Scanner start = in;
  warning.agent = in.Take(kParamValue);
  if (IsToken(warning.agent)) return true;
  Scanner agent(warning.agent);
  HostPort host;
  ParseError ignored;
  const bool is_host = ScanHostPort(agent, HostLws::kRefused, ErrorCode::kBadValue, host, ignored);
  return (is_host && agent.AtEnd()) || start.Fail(ErrorCode::kBadValue, error);
}

}  // namespace

bool ParseWarning(std::string_view value, Warning& warning, ParseError& error) {
  Scanner in(value);
  in.SkipLws();
  if (!ScanCode(in, warning, error) || !SkipWhiteSpace(in, error) ||
      !ScanAgent(in, warning, error) || !SkipWhiteSpace(in, error)) {
    return false;
  }
  if (!in.At('"')) return in.Fail(ErrorCode::kBadValue, error);
  if (!in.TakeQuoted(warning.text)) return in.Fail(ErrorCode::kUnterminatedQuote, error);
  return ScanEnd(in, error);
}

}  // namespace muster::parser
