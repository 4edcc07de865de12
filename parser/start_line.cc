#include "start_line.h"

#include "values.h"

namespace muster::parser {
namespace {

constexpr std::uint32_t kMinStatusCode = 100;
constexpr std::uint32_t kMaxStatusCode = 699;

// "SIP/" 1*DIGIT "." 1*DIGIT, in any case.
bool TakeVersion(Scanner& in, std::string_view& version) {
  const char* const start = in.position();
  if (!EqualsIgnoreCase(in.Rest().substr(0, 4), "SIP/")) return false;
  in.Advance(4);
  if (in.Take(kDigit).empty() || !in.Skip('.') || in.Take(kDigit).empty()) return false;
  version = in.Since(start + 4);
  return true;
}

bool ParseStatusLine(Scanner& in, Message& message, ParseError& error) {
  std::string_view version;
  if (!TakeVersion(in, version) || !in.Skip(' ')) return in.Fail(ErrorCode::kBadStartLine, error);
  const std::string_view digits = in.Take(kDigit);
  const auto code = ParseNumber(digits, kMaxStatusCode);
  if (digits.size() != 3 || !code || *code < kMinStatusCode || !in.Skip(' ')) {
    return in.Fail(ErrorCode::kBadStartLine, error);
  }
  message.status_code = static_cast<int>(*code);
  message.reason = in.Rest();
  return version == "2.0" || in.Fail(ErrorCode::kBadVersion, error);
}

// Up to a SP.
bool ParseRequestUri(Scanner& in, Message& message, ParseError& error) {
  const Scanner begin = in;
  const bool scanned = ScanUri(in, message.request_uri, error);
  if (scanned && in.Skip(' ')) return true;
  message.request_uri = Uri{};
  const std::size_t space = begin.Rest().find(' ');
  if (space == 0 || space == std::string_view::npos) {
    return begin.Fail(ErrorCode::kBadStartLine, error);
  }
  return scanned ? in.Fail(ErrorCode::kBadUri, error) : false;
}

bool ParseRequestLine(Scanner& in, Message& message, ParseError& error) {
  const std::string_view method = in.Take(kToken);
  if (method.empty() || !in.Skip(' ')) return in.Fail(ErrorCode::kBadStartLine, error);
  message.is_request = true;
  message.method_text = method;
  message.method = MethodFrom(method);
  if (!ParseRequestUri(in, message, error)) return false;
  std::string_view version;
  if (!TakeVersion(in, version) || !in.AtEnd()) return in.Fail(ErrorCode::kBadStartLine, error);
  if (version != "2.0") return in.Fail(ErrorCode::kBadVersion, error);
  // A Request-URI has no headers (RFC 3261 19.1.1, table 1).
  if (!message.request_uri.headers.empty()) {
    message.request_uri = Uri{};
    return in.Fail(ErrorCode::kBadUri, error);
  }
  return true;
}

}  // namespace

bool ParseStartLine(Scanner in, Message& message, ParseError& error) {
  const bool is_response = EqualsIgnoreCase(in.Rest().substr(0, 4), "SIP/");
  return is_response ? ParseStatusLine(in, message, error) : ParseRequestLine(in, message, error);
}

}  // namespace muster::parser
