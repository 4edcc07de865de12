#include "start_line.h"

#include "scan_uri.h"

namespace muster::parser {
namespace {

constexpr std::uint32_t kMinStatusCode = 100;
constexpr std::uint32_t kMaxStatusCode = 699;

// "SIP/" 1*DIGIT "." 1*DIGIT, in any case.
template <typename In>
bool TakeVersion(In& in, std::string_view& version) {
  if constexpr (In::kGivesUp) {
    version = "2.0";
    return in.Skip("SIP/2.0");
  }
  const char* const start = in.position();
  if (!Is(in.Rest().substr(0, 4), "SIP/")) return false;
  in.Advance(4);
  if (in.Take(kDigit).empty() || !in.Skip('.') || in.Take(kDigit).empty()) return false;
  version = in.Since(start + 4);
  return true;
}

template <typename In>
bool ParseStatusLine(In& in, Message& message, ParseError& error) {
  std::string_view version;
  if (!TakeVersion(in, version) || !in.SkipSpace()) return in.Fail(ErrorCode::kBadStartLine, error);
  const std::string_view digits = in.Take(kDigit);
  const auto code = ParseNumber(digits, kMaxStatusCode);
  if (digits.size() != 3 || !code || *code < kMinStatusCode || !in.SkipSpace()) {
    return in.Fail(ErrorCode::kBadStartLine, error);
  }
  message.status_code = static_cast<int>(*code);
  message.reason = in.Rest();
  return version == "2.0" || in.Fail(ErrorCode::kBadVersion, error);
}

// Up to a SP.
template <typename In>
bool ParseRequestUri(In& in, Message& message, ParseError& error) {
  const In begin = in;
  const bool scanned = ScanUri(in, message.request_uri, error);
  if (scanned && in.SkipSpace()) return true;
  if (In::kGivesUp) return false;
  message.request_uri = Uri{};
  const std::size_t space = begin.Rest().find(' ');
  if (space == 0 || space == std::string_view::npos) {
    return begin.Fail(ErrorCode::kBadStartLine, error);
  }
  return scanned ? in.Fail(ErrorCode::kBadUri, error) : false;
}

template <typename In>
bool ParseRequestLine(In& in, Message& message, ParseError& error) {
  const std::string_view method = in.Take(kToken);
  if (method.empty() || !in.SkipSpace()) {
    message.request_uri = {};
    return in.Fail(ErrorCode::kBadStartLine, error);
  }
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

template <typename In>
bool ParseStartLine(In in, Message& message, ParseError& error) {
  const bool is_response = Is(in.Rest().substr(0, 4), "SIP/");
  if (!is_response) return ParseRequestLine(in, message, error);
  message.request_uri = {};
  return ParseStatusLine(in, message, error);
}

template bool ParseStartLine(Scanner, Message&, ParseError&);
template bool ParseStartLine(SectionScanner, Message&, ParseError&);

}  // namespace muster::parser
