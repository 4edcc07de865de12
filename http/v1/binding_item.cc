#include "binding_item.h"

#include <string>
#include <string_view>

#include "date_text.h"

namespace muster::http::v1 {
namespace {

/// Leaves an empty one out.
void WriteText(std::string_view key, std::string_view text, JsonWriter& json) {
  if (text.empty()) return;
  json.Key(key);
  json.String(text);
}

void WriteNumber(std::string_view key, std::int64_t number, JsonWriter& json) {
  json.Key(key);
  json.Number(number);
}

void WriteTime(std::string_view key, absl::Time time, JsonWriter& json) {
  WriteText(key, Rfc3339Text(time), json);
}

std::string_view DomainOf(const core::Binding& binding) {
  return binding.aor.substr(binding.user.empty() ? 0 : binding.user.size() + 1);
}

/// Whether the To says no more than the AoR.
bool IsPlainTo(const core::Binding& binding) {
  constexpr std::string_view kScheme = "sip:";
  return binding.to_uri.starts_with(kScheme) &&
         binding.to_uri.substr(kScheme.size()) == binding.aor;
}

void WriteSource(const core::Binding& binding, JsonWriter& json) {
  const std::string_view transport = core::TransportName(binding.transport);
  const bool has_address = !binding.source_address.empty();
  const std::string ip = has_address ? binding.source_address.ToString() : "";
  WriteText("ip", ip, json);
  if (binding.source_port != 0) WriteNumber("port", binding.source_port, json);
  if (has_address) {
    const bool is_v6 = !binding.source_address.is_v4();
    json.Key("received");
    json.String({transport, is_v6 ? ":[" : ":", ip, is_v6 ? "]:" : ":",
                 std::to_string(binding.source_port)});
  }
  WriteText("transport", transport, json);
}

void WriteServer(const core::Server& server, JsonWriter& json) {
  WriteText("server", server.address, json);
  if (server.node_id != 0) WriteNumber("node_id", server.node_id, json);
  WriteText("node_name", server.node_name, json);
}

}  // namespace

void WriteBindingItem(const core::Binding& binding, const core::Server& server, absl::Time now,
                      JsonWriter& json) {
  json.BeginObject();
  WriteText("aor", binding.aor, json);
  WriteText("user", binding.user, json);
  WriteText("domain", DomainOf(binding), json);
  if (!IsPlainTo(binding)) WriteText("to_uri", binding.to_uri, json);
  WriteText("contact", binding.contact, json);
  WriteText("q", binding.q_text, json);
  WriteText("instance", binding.instance, json);
  if (binding.reg_id != 0) WriteNumber("reg_id", binding.reg_id, json);
  WriteText("instrument", binding.instrument, json);
  if (const auto mac = core::NormalizeMac(binding.instrument)) WriteText("mac", *mac, json);
  WriteText("path", binding.path, json);
  WriteText("call_id", binding.call_id, json);
  WriteNumber("cseq", binding.cseq, json);
  WriteText("user_agent", binding.user_agent, json);
  WriteSource(binding, json);
  WriteServer(server, json);
  WriteTime("registered_at", binding.registered_at, json);
  WriteTime("updated_at", binding.updated_at, json);
  WriteTime("expires_at", binding.expires_at, json);
  WriteNumber("expires_in", binding.SecondsLeft(now), json);
  json.EndObject();
}

}  // namespace muster::http::v1
