#pragma once

// Parameters behind a header field value: *( SEMI generic-param ) of RFC 3261 25.1.

#include <cstddef>
#include <string_view>

#include "muster/parser/limits.h"
#include "muster/parser/uri.h"
#include "scan.h"

namespace muster::parser {

/// One generic-param; white space behind it is left.
bool ScanParameter(Scanner& in, Parameter& parameter, ParseError& error);

/// Parameters up to the first byte that is none of theirs, LWS in front of it included. `params`
/// becomes what follows the first ';'. `on_parameter(parameter)` returns false for one that is bad.
template <typename OnParameter>
bool ScanParameters(Scanner& in, std::string_view& params, ParseError& error,
                    OnParameter on_parameter) {
  params = {};
  in.SkipLws();
  if (!in.Skip(';')) return true;
  in.SkipLws();
  const char* const start = in.position();
  for (std::size_t count = 1;; ++count) {
    if (count > kMaxParameters) return in.Fail(ErrorCode::kTooManyParameters, error);
    Parameter parameter;
    if (!ScanParameter(in, parameter, error)) return false;
    params = in.Since(start);
    if (!on_parameter(parameter)) return in.Fail(ErrorCode::kBadParameter, error);
    in.SkipLws();
    if (!in.Skip(';')) return true;
    in.SkipLws();
  }
}

}  // namespace muster::parser
