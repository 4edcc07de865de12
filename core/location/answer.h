#pragma once

// What every answer of a user agent server has in common (RFC 3261 8.2.6, 18.2.1; RFC 3581).

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/endpoint.h"
#include "muster/parser/message.h"
#include "muster/parser/writer.h"

namespace muster::core {

/// "Not Found" of 404; RFC 3261 21's words, and those of its extensions.
std::string_view ReasonPhrase(int code);

/// Status line, Vias (the top one with received and rport filled), From, To with a tag, Call-ID and
/// CSeq of `message`, as they came. Of a malformed message: as many of them as could be read.
/// `to_tag` is added unless To has one already.
void WriteAnswerHead(const parser::Message& message, const Source& source, int code,
                     std::uint64_t to_tag, parser::Writer& writer);

/// Date header (RFC 3261 20.17): "Sat, 13 Nov 2010 23:29:00 GMT".
void WriteDate(absl::Time now, parser::Writer& writer);

}  // namespace muster::core
