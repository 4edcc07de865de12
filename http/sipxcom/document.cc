#include "document.h"

namespace muster::http::sipxcom {
namespace {

/// The Contact's display name and <URI>, without its header parameters. A binding's Contact has the
/// brackets even when its REGISTER had none.
std::string_view ContactNameAddr(const core::Binding& binding) {
  const std::size_t uri =
      static_cast<std::size_t>(binding.contact_uri.data() - binding.contact.data());
  return binding.contact.substr(0, uri + binding.contact_uri.size() + 1);
}

std::int64_t ExpiresEpochSeconds(const core::Binding& binding) {
  return absl::ToUnixSeconds(binding.expires_at + absl::Seconds(1) - absl::Nanoseconds(1));
}

constexpr std::string_view kStatus = "active";  // an expired binding is in no answer

}  // namespace

Document::Document(Format format, std::string& out) : format_(format), json_(out), xml_(out) {}

void Document::Begin() {
  if (format_ == Format::kJson) {
    json_.BeginObject();
    json_.Key("registrations");
    json_.BeginArray();
  } else {
    xml_.Declaration();
    xml_.Begin("Registrations");
  }
}

void Document::Add(const core::Binding& binding, std::string_view primary, absl::Time now) {
  if (format_ == Format::kJson) {
    AddJson(binding, primary, now);
  } else {
    AddXml(binding, primary, now);
  }
}

void Document::End() {
  if (format_ == Format::kJson) {
    json_.EndArray();
    json_.EndObject();
  } else {
    xml_.End("Registrations");
  }
}

void Document::AddJson(const core::Binding& binding, std::string_view primary, absl::Time now) {
  json_.BeginObject();
  json_.Key("secondsToExpire");
  json_.Number(binding.SecondsLeft(now));
  json_.Key("status");
  json_.String(kStatus);
  json_.Key("uri");
  json_.String({"<", binding.to_uri, ">"});
  json_.Key("primary");
  if (primary.empty()) {
    json_.Null();
  } else {
    json_.String(primary);
  }
  json_.Key("expires");
  json_.Number(ExpiresEpochSeconds(binding));
  json_.Key("identity");
  json_.String(binding.aor);
  json_.Key("contact");
  json_.String(ContactNameAddr(binding));
  json_.Key("instrument");
  json_.String(binding.instrument);
  json_.Key("regCallId");
  json_.String(binding.call_id);
  json_.EndObject();
}

void Document::AddXml(const core::Binding& binding, std::string_view primary, absl::Time now) {
  xml_.Begin("Registration");
  xml_.Element("contact", {ContactNameAddr(binding)});
  xml_.Element("expires", ExpiresEpochSeconds(binding));
  xml_.Element("identity", {binding.aor});
  xml_.Element("instrument", {binding.instrument});
  if (!primary.empty()) xml_.Element("primary", {primary});
  xml_.Element("regCallId", {binding.call_id});
  xml_.Element("uri", {"<", binding.to_uri, ">"});
  xml_.Element("secondsToExpire", binding.SecondsLeft(now));
  xml_.Element("status", {kStatus});
  xml_.End("Registration");
}

}  // namespace muster::http::sipxcom
