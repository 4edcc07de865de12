#include "tests/core/owned_binding.h"

#include <ostream>
#include <sstream>

namespace muster::core {

OwnedBinding::OwnedBinding(const Binding& binding)
    : aor(binding.aor),
      to_uri(binding.to_uri),
      contact(binding.contact),
      contact_uri(binding.contact_uri),
      q_text(binding.q_text),
      call_id(binding.call_id),
      instance(binding.instance),
      instrument(binding.instrument),
      path(binding.path),
      user_agent(binding.user_agent),
      cseq(binding.cseq),
      reg_id(binding.reg_id),
      transport(binding.transport),
      source_address(binding.source_address),
      source_port(binding.source_port),
      server(binding.server),
      expires_at(binding.expires_at),
      registered_at(binding.registered_at),
      updated_at(binding.updated_at) {}

std::string_view OwnedBinding::user() const {
  const std::size_t at = aor.find('@');
  return at == std::string::npos ? std::string_view() : std::string_view(aor).substr(0, at);
}

Binding OwnedBinding::View() const {
  Binding binding;
  binding.aor = aor;
  binding.user = user();
  binding.to_uri = to_uri;
  binding.contact = contact;
  binding.contact_uri = contact_uri;
  binding.q_text = q_text;
  binding.call_id = call_id;
  binding.instance = instance;
  binding.instrument = instrument;
  binding.path = path;
  binding.user_agent = user_agent;
  binding.cseq = cseq;
  binding.reg_id = reg_id;
  binding.transport = transport;
  binding.source_address = source_address;
  binding.source_port = source_port;
  binding.server = server;
  binding.expires_at = expires_at;
  binding.registered_at = registered_at;
  binding.updated_at = updated_at;
  return binding;
}

void OwnedBinding::SetContactUri(std::string_view uri) {
  contact_uri = uri;
  contact = "<" + contact_uri + ">";
}

OwnedBinding OwnedBinding::Of(std::string_view aor) {
  OwnedBinding binding;
  binding.aor = aor;
  binding.to_uri = "sip:" + binding.aor;
  return binding;
}

std::string Describe(const OwnedBinding& binding) {
  std::ostringstream out;
  for (const std::string& text :
       {binding.aor, binding.to_uri, binding.contact, binding.contact_uri, binding.q_text,
        binding.call_id, binding.instance, binding.instrument, binding.path, binding.user_agent,
        binding.source_address.ToString()}) {
    out << text << " | ";
  }
  out << TransportName(binding.transport) << ' ' << binding.source_port << ' ' << binding.cseq
      << ' ' << binding.reg_id << ' ' << binding.server << ' '
      << absl::ToUnixNanos(binding.expires_at) << ' ' << absl::ToUnixNanos(binding.registered_at)
      << ' ' << absl::ToUnixNanos(binding.updated_at);
  return out.str();
}

void PrintTo(const OwnedBinding& binding, std::ostream* out) { *out << Describe(binding); }

Aor AorOf(std::string_view text) { return Aor::Parse(text).value(); }

std::size_t Remove(LocationService& location, const BindingFilter& filter, absl::Time now) {
  KeptInMemory commits;
  return location.Remove(filter, now, commits).removed;
}

}  // namespace muster::core
