#pragma once

// What credentials, challenges and Authentication-Info are made of (RFC 3261 25.1, RFC 7235 2.1).

#include <cstddef>
#include <string_view>

#include "muster/parser/limits.h"
#include "parameters.h"
#include "scan.h"

namespace muster::parser {

/// auth-scheme and the white space behind it.
bool ScanAuthScheme(Scanner& in, std::string_view& scheme, ParseError& error);

/// auth-param *(COMMA auth-param) up to the end. `on_parameter(parameter)` returns what is wrong
/// with a parameter, or kNone; it is reported at the parameter's name.
template <typename OnParameter>
bool ScanAuthParameters(Scanner& in, ParseError& error, OnParameter on_parameter) {
  for (std::size_t count = 1;; ++count) {
    if (count > kMaxParameters) return in.Fail(ErrorCode::kTooManyParameters, error);
    in.SkipLws();
    const Scanner start = in;
    Parameter parameter;
    if (!ScanParameter(in, parameter, error)) return false;
    if (!parameter.has_value) return in.Fail(ErrorCode::kBadCredentials, error);
    const ErrorCode code = on_parameter(parameter);
    if (code != ErrorCode::kNone) return start.Fail(code, error);
    in.SkipLws();
    if (in.AtEnd()) return true;
    if (!in.Skip(',')) return in.Fail(ErrorCode::kBadCredentials, error);
  }
}

}  // namespace muster::parser
