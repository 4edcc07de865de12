#pragma once

// What a REGISTER asks for (RFC 3261 10.2), taken out of a parsed message and checked, before
// anyone has looked at a binding.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "muster/core/aor.h"
#include "muster/core/binding.h"
#include "muster/core/endpoint.h"
#include "muster/core/limits.h"
#include "muster/core/text_buffer.h"
#include "muster/parser/message.h"

namespace muster::core {

/// A refusal is a result of the registrar, not an error: a SIP status code and, for the log, in
/// words of its own, why.
struct Refusal {
  int code = 0;                           // 0 = not refused
  std::string_view reason;                // static text
  std::uint32_t min_expires_seconds = 0;  // with 423
  std::uint32_t retry_after_seconds = 0;  // with 503

  explicit operator bool() const { return code != 0; }
};

/// A REGISTER, as views on the message that it was made from (but for what it owns: the AoR and the
/// joined Path). Confined to one thread; some kilobytes large: reuse one per worker.
class RegisterRequest {
 public:
  /// Takes `message`, a REGISTER that was parsed to kComplete. A refusal says what is wrong with
  /// it: 400 for a To that is no AoR (RFC 3261 10.3 step 5), for a "*" that is not alone with
  /// Expires 0 (step 6), and for values beyond Limits.
  Refusal From(const parser::Message& message, const Source& source);

  const Aor& aor() const { return aor_; }
  std::string_view request_host() const { return message_->request_uri.host; }
  std::string_view to_uri() const { return message_->to.uri.text; }
  std::string_view call_id() const { return message_->call_id; }
  std::uint32_t cseq() const { return message_->cseq.number; }
  std::string_view user_agent() const { return user_agent_; }
  /// Path values in order, joined by ", " (RFC 3327 5.3).
  std::string_view path() const { return path_.text(); }
  const Source& source() const { return *source_; }

  /// No Contact at all: asks what is registered (RFC 3261 10.2.3).
  bool is_fetch() const { return !is_remove_all() && contacts().empty(); }
  /// "Contact: *" with "Expires: 0" (RFC 3261 10.2.2).
  bool is_remove_all() const { return message_->contact_star; }
  std::span<const parser::Contact> contacts() const { return message_->contacts(); }
  /// Seconds asked for: the Contact's own, else the Expires header's, else `otherwise`.
  std::uint32_t AskedSeconds(const parser::Contact& contact, std::uint32_t otherwise) const;

 private:
  const parser::Message* message_ = nullptr;
  const Source* source_ = nullptr;
  Aor aor_;
  std::string_view user_agent_;
  TextBuffer<Limits::kMaxBindingBytes> path_;
};

}  // namespace muster::core
