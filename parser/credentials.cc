#include "parameters.h"
#include "values.h"

namespace muster::parser {
namespace {

// One "name=value" and the comma behind it, if there is one. False where there is no other.
bool TakeAuthParameter(Scanner& in, Parameter& parameter, ParseError& error) {
  return ScanParameter(in, parameter, error) &&
         (parameter.has_value || in.Fail(ErrorCode::kBadCredentials, error));
}

bool CheckAuthParameters(std::string_view text, ParseError& error) {
  Scanner in(text);
  for (;;) {
    Parameter parameter;
    if (!TakeAuthParameter(in, parameter, error)) return false;
    in.SkipLws();
    if (in.AtEnd()) return true;
    if (!in.Skip(',')) return in.Fail(ErrorCode::kBadCredentials, error);
    in.SkipLws();
  }
}

// token68 of RFC 7235, which schemes like Bearer have in place of parameters.
bool IsToken68(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\r\n,\"") == std::string_view::npos;
}

}  // namespace

bool ParseCredentials(std::string_view value, Credentials& credentials, ParseError& error) {
  Scanner in(Trim(value));
  credentials = Credentials{};
  credentials.scheme = in.Take(kToken);
  const char* const scheme_end = in.position();
  in.SkipLws();
  const bool separated = in.AtEnd() || in.position() != scheme_end;
  if (credentials.scheme.empty() || !separated) return in.Fail(ErrorCode::kBadCredentials, error);
  credentials.params = in.Rest();
  if (in.AtEnd() || CheckAuthParameters(credentials.params, error)) return true;
  if (!EqualsIgnoreCase(credentials.scheme, "Digest") && IsToken68(credentials.params)) return true;
  return in.Fail(ErrorCode::kBadCredentials, error);
}

std::optional<std::string_view> FindAuthParameter(const Credentials& credentials,
                                                  std::string_view name) {
  Scanner in(credentials.params);
  ParseError ignored;
  for (Parameter parameter; !in.AtEnd() && TakeAuthParameter(in, parameter, ignored);) {
    if (EqualsIgnoreCase(parameter.name, name)) return parameter.value;
    parameter = {};
    in.SkipLws();
    if (!in.Skip(',')) break;
    in.SkipLws();
  }
  return std::nullopt;
}

std::size_t Unquote(std::string_view text, char* out) {
  std::size_t size = 0;
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  } else {
    for (const char c : text) out[size++] = c;
    return size;
  }
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
