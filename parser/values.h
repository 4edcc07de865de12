#pragma once

// One value of a header field, read from where a scanner stands up to the ',' behind it or the end.
// Lists (Contact, Via, Path) are so read in a single pass; the public readers of header_values.h
// ask for the end.

#include <string_view>

#include "muster/parser/header_values.h"
#include "parameters.h"
#include "scan.h"

namespace muster::parser {

/// A URI, as far as its grammar goes: who calls judges what stands behind it.
bool ScanUri(Scanner& in, Uri& uri, ParseError& error);

/// [ display-name ] "<" URI ">" or a URI: what stands before the parameters.
bool ScanAddress(Scanner& in, NameAddr& address, ParseError& error);

/// An address and its parameters; each is also given to `on_parameter`.
template <typename OnParameter>
bool ScanNameAddr(Scanner& in, NameAddr& address, ParseError& error, OnParameter on_parameter) {
  in.SkipLws();
  const char* const start = in.position();
  if (!ScanAddress(in, address, error)) return false;
  const char* const address_end = in.position();
  if (!ScanParameters(in, address.params, error, on_parameter)) return false;
  const char* const params_end = address.params.data() + address.params.size();
  const char* const end = address.params.empty() ? address_end : params_end;
  address.text = {start, static_cast<std::size_t>(end - start)};
  return in.AtEnd() || in.At(',') || in.Fail(ErrorCode::kBadNameAddr, error);
}

/// ExpiresFrom for a part of what `in` reads, without white space around it.
std::uint32_t ExpiresFrom(const Scanner& in, std::string_view text);

bool ScanContact(Scanner& in, Contact& contact, ParseError& error);
bool ScanVia(Scanner& in, Via& via, ParseError& error);

}  // namespace muster::parser
