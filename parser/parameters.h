#pragma once

// Parameters behind a header field value: *( SEMI generic-param ) of RFC 3261 25.1.

#include <cstddef>
#include <string_view>

#include "muster/parser/limits.h"
#include "muster/parser/uri.h"
#include "scan.h"

namespace muster::parser {

/// One generic-param; white space behind it is left.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanParameter(In& in, Parameter& parameter, ParseError& error) {
  parameter.name = in.Take(kToken);
  if (parameter.name.empty()) return in.Fail(ErrorCode::kBadParameter, error);
  if (!in.At('=')) {
    In ahead = in;
    ahead.SkipLws();
    if (!ahead.At('=')) return true;
    in.MoveTo(ahead);
  }
  in.Advance(1);
  in.SkipLws();
  parameter.has_value = true;
  if (in.At('"')) {
    return in.TakeQuoted(parameter.value) || in.Fail(ErrorCode::kUnterminatedQuote, error);
  }
  parameter.value = in.Take(kParamValue);
  return !parameter.value.empty() || in.Fail(ErrorCode::kBadParameter, error);
}

/// Parameters up to the first byte that is none of theirs, LWS in front of it included. `params`
/// becomes what follows the first ';', and `end` where the last parameter ends or, without any,
/// where `in` stood. `on_parameter(parameter)` returns false for one that is bad.
template <typename In, typename OnParameter>
MUSTER_ALWAYS_INLINE bool ScanParameters(In& in, std::string_view& params, const char*& end,
                                         ParseError& error, OnParameter on_parameter) {
  params = {};
  end = in.position();
  in.SkipLws();
  if (!in.Skip(';')) return true;
  in.SkipLws();
  const char* const start = in.position();
  for (std::size_t count = 1;; ++count) {
    if (count > kMaxParameters) return in.Fail(ErrorCode::kTooManyParameters, error);
    Parameter parameter;
    if (!ScanParameter(in, parameter, error)) return false;
    end = in.position();
    if (!on_parameter(parameter)) return in.Fail(ErrorCode::kBadParameter, error);
    in.SkipLws();
    if (!in.Skip(';')) break;
    in.SkipLws();
  }
  params = {start, static_cast<std::size_t>(end - start)};
  return true;
}

}  // namespace muster::parser
