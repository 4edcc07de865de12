#include "muster/core/register_request.h"

namespace muster::core {
namespace {

Refusal BadRequest(std::string_view reason) { return {.code = 400, .reason = reason}; }

/// RFC 3261 10.3 step 6.
Refusal CheckRemoveAll(const parser::Message& message) {
  if (!message.has_expires) return BadRequest("Contact * without Expires");
  if (message.expires_seconds != 0) return BadRequest("Contact * with Expires other than 0");
  return {};
}

}  // namespace

Refusal RegisterRequest::From(const parser::Message& message, const Source& source) {
  message_ = &message;
  source_ = &source;
  path_.Clear();

  auto aor = Aor::FromUri(message.to.uri);
  if (!aor) {
    aor_ = Aor();
    const bool sip = message.to.uri.scheme == parser::UriScheme::kSip ||
                     message.to.uri.scheme == parser::UriScheme::kSips;
    return BadRequest(sip ? "To URI too long for an AoR" : "To URI is neither sip nor sips");
  }
  aor_ = *aor;

  if (message.contact_star) {
    if (Refusal refusal = CheckRemoveAll(message)) return refusal;
  }
  for (const parser::HeaderField& field : message.headers()) {
    if (field.id != parser::HeaderId::kPath) continue;
    if (path_.size() != 0) path_.Append(", ");
    path_.AppendUnfolded(field.value);
  }
  if (path_.overflowed()) return BadRequest("Path too long");

  const parser::HeaderField* user_agent = message.Find(parser::HeaderId::kUserAgent);
  user_agent_ = user_agent != nullptr ? user_agent->value : std::string_view();
  return {};
}

std::uint32_t RegisterRequest::AskedSeconds(const parser::Contact& contact,
                                            std::uint32_t otherwise) const {
  if (contact.has_expires) return contact.expires_seconds;
  return message_->has_expires ? message_->expires_seconds : otherwise;
}

}  // namespace muster::core
