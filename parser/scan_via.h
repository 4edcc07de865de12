#pragma once

// One Via value, from where a scanner stands.

#include <string_view>

#include "host.h"
#include "muster/parser/message.h"
#include "parameters.h"
#include "scan.h"

namespace muster::parser {
namespace via_internal {

// protocol-name SLASH protocol-version SLASH transport. The version is not judged: a request of
// another version is answered 505, along its Via.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanProtocol(In& in, Via& via, ParseError& error) {
  const auto slash = [&in] {
    in.SkipLws();
    return in.Skip('/');
  };
  const auto token = [&in] {
    in.SkipLws();
    return in.Take(kToken);
  };
  const bool usual = in.Skip("SIP/2.0/");
  if (!usual && (!Is(token(), "SIP") || !slash() || token().empty() || !slash())) {
    return in.Fail(ErrorCode::kBadVia, error);
  }
  via.transport = token();
  const char* const end = in.position();
  in.SkipSpace();  // and most often no more
  in.SkipLws();
  const bool separated = in.position() != end;
  return (!via.transport.empty() && separated) || in.Fail(ErrorCode::kBadVia, error);
}

template <typename In>
MUSTER_ALWAYS_INLINE bool Decode(const In& in, const Parameter& parameter, Via& via) {
  const std::string_view name = parameter.name;
  if (Is(name, "branch")) {
    if (!parameter.has_value) return false;
    if (via.branch.empty()) via.branch = parameter.value;
  } else if (Is(name, "received")) {
    if (!parameter.has_value) return false;
    if (via.received.empty()) via.received = parameter.value;
  } else if (Is(name, "rport")) {
    std::uint32_t port = 0;
    if (parameter.has_value && !in.NumberIn(parameter.value, 65'535, port)) return false;
    if (!via.has_rport) via.rport = static_cast<std::uint16_t>(port);
    via.has_rport = true;
  }
  return true;
}

}  // namespace via_internal

/// When it fails, `via` may hold anything.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanVia(In& in, Via& via, ParseError& error) {
  via.branch = {};
  via.received = {};
  via.has_rport = false;
  via.rport = 0;
  in.SkipLws();
  const char* const start = in.position();
  HostPort sent_by;
  if (!via_internal::ScanProtocol(in, via, error) ||
      !ScanHostPort(in, HostLws::kAllowed, ErrorCode::kBadVia, sent_by, error)) {
    return false;
  }
  via.host = sent_by.host;
  via.port = sent_by.port;
  const char* end;
  const auto decode = [&](const Parameter& parameter) MUSTER_ALWAYS_INLINE_LAMBDA {
    return via_internal::Decode(in, parameter, via);
  };
  if (!ScanParameters(in, via.params, end, error, decode)) return false;
  via.text = {start, static_cast<std::size_t>(end - start)};
  return in.AtEnd() || in.At(',') || in.Fail(ErrorCode::kBadVia, error);
}

}  // namespace muster::parser
