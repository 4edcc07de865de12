#include <algorithm>

#include "auth_parameters.h"
#include "basic_rules.h"
#include "muster/parser/header_values.h"

namespace muster::parser {
namespace {

// token68 of RFC 7235 2.1, which schemes like Bearer have in place of parameters.
bool IsToken68(std::string_view text) {
  const std::string_view bytes = text.substr(0, text.find_last_not_of('=') + 1);
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return Is(c, kAlpha | kDigit) || std::string_view("-._~+/").find(c) != std::string_view::npos;
  });
}

}  // namespace

bool ScanAuthScheme(Scanner& in, std::string_view& scheme, ParseError& error) {
  in.SkipLws();
  scheme = in.Take(kToken);
  const char* const scheme_end = in.position();
  in.SkipLws();
  const bool separated = in.AtEnd() || in.position() != scheme_end;
  return (!scheme.empty() && separated) || in.Fail(ErrorCode::kBadCredentials, error);
}

bool ParseCredentials(std::string_view value, Credentials& credentials, ParseError& error) {
  credentials = Credentials{};
  Scanner in(value);
  if (!ScanAuthScheme(in, credentials.scheme, error)) return false;
  credentials.params = Trim(in.Rest());
  if (in.AtEnd()) return true;
  if (!EqualsIgnoreCase(credentials.scheme, "Digest") && IsToken68(credentials.params)) return true;
  return ScanAuthParameters(in, error, [](const Parameter&) { return ErrorCode::kNone; });
}

std::optional<std::string_view> FindAuthParameter(const Credentials& credentials,
                                                  std::string_view name) {
  Scanner in(credentials.params);
  std::optional<std::string_view> found;
  ParseError ignored;
  ScanAuthParameters(in, ignored, [&](const Parameter& parameter) {
    if (!found && EqualsIgnoreCase(parameter.name, name)) found = parameter.value;
    return ErrorCode::kNone;
  });
  return found;
}

std::size_t Unquote(std::string_view text, char* out) {
  if (!Unwrap(text, '"', '"')) {
    std::copy(text.begin(), text.end(), out);
    return text.size();
  }
  std::size_t size = 0;
  for (Scanner in(text); !in.AtEnd();) {
    const char* const start = in.position();
    if (in.At('\r')) in.SkipLws();
    if (in.position() != start) {
      out[size++] = ' ';  // a fold is one space (RFC 3261 7.3.1)
      continue;
    }
    if (in.At('\\') && in.Rest().size() > 1) in.Advance(1);
    out[size++] = *in.position();
    in.Advance(1);
  }
  return size;
}

}  // namespace muster::parser
