#pragma once

// Two parses of the same bytes, compared to the last field.

#include <string_view>

#include "muster/parser/message.h"

namespace muster::fuzz {

/// The same bytes at the same place; of empty views the place does not matter.
inline bool SameView(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || a.data() == b.data());
}

inline bool SameUri(const parser::Uri& a, const parser::Uri& b) {
  return SameView(a.text, b.text) && SameView(a.scheme_text, b.scheme_text) &&
         SameView(a.user, b.user) && SameView(a.password, b.password) && SameView(a.host, b.host) &&
         SameView(a.params, b.params) && SameView(a.headers, b.headers) && a.scheme == b.scheme &&
         a.host_kind == b.host_kind && a.has_user == b.has_user && a.port == b.port;
}

inline bool SameAddress(const parser::NameAddr& a, const parser::NameAddr& b) {
  return SameView(a.text, b.text) && SameView(a.display_name, b.display_name) &&
         SameUri(a.uri, b.uri) && SameView(a.params, b.params) && a.bracketed == b.bracketed;
}

inline bool SameContact(const parser::Contact& a, const parser::Contact& b) {
  return SameAddress(a.address, b.address) && SameView(a.q_text, b.q_text) &&
         a.q_thousandths == b.q_thousandths && a.has_expires == b.has_expires &&
         a.expires_seconds == b.expires_seconds && SameView(a.instance, b.instance) &&
         a.reg_id == b.reg_id;
}

inline bool SameVia(const parser::Via& a, const parser::Via& b) {
  return SameView(a.text, b.text) && SameView(a.transport, b.transport) &&
         SameView(a.host, b.host) && a.port == b.port && SameView(a.params, b.params) &&
         SameView(a.branch, b.branch) && SameView(a.received, b.received) &&
         a.has_rport == b.has_rport && a.rport == b.rport;
}

inline bool SameHeaders(const parser::Message& a, const parser::Message& b) {
  if (a.headers().size() != b.headers().size()) return false;
  for (std::size_t i = 0; i != a.headers().size(); ++i) {
    const parser::HeaderField &mine = a.headers()[i], &theirs = b.headers()[i];
    if (mine.id != theirs.id || !SameView(mine.name, theirs.name) ||
        !SameView(mine.value, theirs.value)) {
      return false;
    }
  }
  return true;
}

inline bool SameContacts(const parser::Message& a, const parser::Message& b) {
  if (a.contacts().size() != b.contacts().size()) return false;
  for (std::size_t i = 0; i != a.contacts().size(); ++i) {
    if (!SameContact(a.contacts()[i], b.contacts()[i])) return false;
  }
  return a.contact_star == b.contact_star;
}

inline bool SameMessage(const parser::Message& a, const parser::Message& b) {
  return a.is_request == b.is_request && a.method == b.method &&
         SameView(a.method_text, b.method_text) && SameUri(a.request_uri, b.request_uri) &&
         a.status_code == b.status_code && SameView(a.reason, b.reason) &&
         SameVia(a.top_via, b.top_via) && SameAddress(a.from, b.from) &&
         SameView(a.from_tag, b.from_tag) && SameAddress(a.to, b.to) &&
         SameView(a.to_tag, b.to_tag) && SameView(a.call_id, b.call_id) &&
         a.cseq.number == b.cseq.number && a.cseq.method == b.cseq.method &&
         SameView(a.cseq.method_text, b.cseq.method_text) && a.has_expires == b.has_expires &&
         a.expires_seconds == b.expires_seconds && SameView(a.body, b.body) && SameHeaders(a, b) &&
         SameContacts(a, b);
}

inline bool SameResult(const parser::ParseResult& a, const parser::ParseResult& b) {
  return a.outcome == b.outcome && a.size == b.size && a.error.code == b.error.code &&
         a.error.offset == b.error.offset;
}

}  // namespace muster::fuzz
