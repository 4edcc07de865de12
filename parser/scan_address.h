#pragma once

// Addresses with their parameters, from where a scanner stands: From, To, Contact, Route, Path.

#include <string_view>

#include "muster/parser/message.h"
#include "parameters.h"
#include "scan.h"
#include "scan_uri.h"

namespace muster::parser {

/// At '<'.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanBracketed(In& in, NameAddr& address, ParseError& error) {
  const In bracket = in;
  in.Advance(1);
  const bool scanned = ScanUri(in, address.uri, error);
  if (scanned && in.Skip('>')) {
    address.bracketed = true;
    return true;
  }
  if (!In::kGivesUp && bracket.Rest().find('>') == std::string_view::npos) {
    return bracket.Fail(ErrorCode::kBadNameAddr, error);
  }
  return scanned ? in.Fail(ErrorCode::kBadUri, error) : false;
}

/// An address that does not begin with '<'.
bool ScanUnbracketed(Scanner& in, NameAddr& address, ParseError& error);

/// [ display-name ] "<" URI ">" or a URI: what stands before the parameters.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanAddress(In& in, NameAddr& address, ParseError& error) {
  address.display_name = {};
  address.bracketed = false;
  if (in.At('"')) {
    if (!in.TakeQuoted(address.display_name)) return in.Fail(ErrorCode::kUnterminatedQuote, error);
    in.SkipLws();
    if (!in.At('<')) return in.Fail(ErrorCode::kBadNameAddr, error);
  }
  if (in.At('<')) return ScanBracketed(in, address, error);
  if constexpr (In::kGivesUp) {
    return false;
  } else {
    return ScanUnbracketed(in, address, error);
  }
}

/// An address and its parameters; each is also given to `on_parameter`. When it fails, `address`
/// may hold anything.
template <typename In, typename OnParameter>
MUSTER_ALWAYS_INLINE bool ScanNameAddr(In& in, NameAddr& address, ParseError& error,
                                       OnParameter on_parameter) {
  in.SkipLws();
  const char* const start = in.position();
  if (!ScanAddress(in, address, error)) return false;
  const char* end;
  if (!ScanParameters(in, address.params, end, error, on_parameter)) return false;
  address.text = {start, static_cast<std::size_t>(end - start)};
  return in.AtEnd() || in.At(',') || in.Fail(ErrorCode::kBadNameAddr, error);
}

}  // namespace muster::parser
