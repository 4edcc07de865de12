#include "binding_line.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "muster/core/endpoint.h"
#include "muster/core/limits.h"
#include "muster/parser/header_values.h"
#include "muster/parser/uri.h"
#include "value_text.h"

namespace muster::http::v1 {
namespace {

using simdjson::ondemand::value;

constexpr char kMalformed[] = "malformed JSON";
constexpr std::uint32_t kMaxUint32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kMaxRegId = 0x7FFF'FFFF;  // RFC 5626 11.1
constexpr std::size_t kMaxHostBytes = 255;        // RFC 1035 2.3.4

/// What is wrong with a value, or "".
using Problem = std::string;

Problem ReadText(value json, std::string& out) {
  std::string_view text;
  if (json.get_string().get(text)) return "must be a text";
  out = text;
  return "";
}

Problem ReadNumber(value json, std::uint32_t least, std::uint32_t most, std::uint32_t& out) {
  std::uint64_t number = 0;
  if (json.get_uint64().get(number) || number < least || number > most) {
    return "must be a number from " + std::to_string(least) + " to " + std::to_string(most);
  }
  out = static_cast<std::uint32_t>(number);
  return "";
}

bool ParseTime(value json, absl::Time& time) {
  double seconds = 0;
  if (!json.get_double().get(seconds)) {
    time = absl::UnixEpoch() + absl::Seconds(seconds);
    return true;
  }
  std::string_view text;
  if (json.get_string().get(text)) return false;
  const auto parsed = ParseRfc3339(text);
  time = parsed.value_or(time);
  return parsed.has_value();
}

Problem ReadTime(value json, absl::Time& out) {
  const bool is_time = ParseTime(json, out) && out >= absl::UnixEpoch() &&
                       out < absl::FromUnixSeconds(kEndOfTimeSeconds);
  return is_time ? "" : "must be RFC 3339 or epoch seconds, from 1970 to 2199";
}

/// Ends no header line wherever it may be sent.
bool HasLineEnd(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

Problem ReadAor(value json, BindingLine& line) {
  std::string text;
  if (Problem problem = ReadText(json, text); !problem.empty()) return problem;
  const auto aor = core::Aor::Parse(text);
  if (!aor) {
    return "must be user@domain, at most " + std::to_string(core::Limits::kMaxAorBytes) +
           " bytes long";
  }
  line.aor = *aor;
  return "";
}

/// Makes of any Contact the text that a registrar would keep.
Problem ReadContact(value json, BindingLine& line) {
  std::string text;
  if (Problem problem = ReadText(json, text); !problem.empty()) return problem;
  parser::Contact contact;
  parser::ParseError error;
  if (HasLineEnd(text)) return "holds a line end";
  if (!parser::ParseContact(text, contact, error)) {
    return "is no Contact: " + std::string(parser::Describe(error.code));
  }
  const parser::NameAddr& address = contact.address;
  if (contact.has_expires || parser::FindParameter(address.params, "q")) {
    return "has q or expires among its parameters: these are members of their own";
  }
  line.contact = address.display_name;
  line.contact += address.display_name.empty() ? "<" : " <";
  line.uri_begin = line.contact.size();
  line.uri_size = address.uri.text.size();
  line.contact.append(address.uri.text).append(">");
  if (!address.params.empty()) line.contact.append(";").append(address.params);
  // Members of the line come before them.
  if (line.instance.empty()) line.instance = contact.instance;
  if (line.fixed.reg_id == 0) line.fixed.reg_id = contact.reg_id;
  return "";
}

/// An empty one is one that is left out, and leaves that of the Contact.
Problem ReadInstance(value json, BindingLine& line) {
  std::string instance;
  Problem problem = ReadText(json, instance);
  if (!instance.empty()) line.instance = std::move(instance);
  return problem;
}

Problem ReadCallId(value json, BindingLine& line) {
  if (Problem problem = ReadText(json, line.call_id); !problem.empty()) return problem;
  const bool is_visible =
      std::ranges::all_of(line.call_id, [](char c) { return c > ' ' && c < 0x7F; });
  return is_visible && !line.call_id.empty() ? "" : "must be visible ASCII characters";
}

/// qvalue of RFC 3261 25.1.
bool IsQ(std::string_view text) {
  const auto all_of = [&](char least, char most) {
    return std::ranges::all_of(text.substr(std::min<std::size_t>(2, text.size())),
                               [&](char c) { return c >= least && c <= most; });
  };
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return false;
  return text[0] == '0' ? all_of('0', '9') : text[0] == '1' && all_of('0', '0');
}

Problem ReadQ(value json, BindingLine& line) {
  simdjson::ondemand::json_type type;
  if (json.type().get(type)) return "must be a text";
  if (type == simdjson::ondemand::json_type::number) {
    line.q_text = json.raw_json_token();
    line.q_text.erase(line.q_text.find_last_not_of(" \t\r\n") + 1);
  } else if (Problem problem = ReadText(json, line.q_text); !problem.empty()) {
    return problem;
  }
  return IsQ(line.q_text) ? "" : "must be 0 to 1 with at most three decimals";
}

/// name-addrs in brackets, as in a Path header field (RFC 3327 4).
Problem ReadPath(value json, BindingLine& line) {
  if (Problem problem = ReadText(json, line.path); !problem.empty()) return problem;
  if (HasLineEnd(line.path)) return "holds a line end";
  parser::ListReader values(line.path);
  parser::ParseError error;
  bool is_path = true;
  for (std::string_view item; is_path && values.Next(item);) {
    parser::NameAddr address;
    is_path = parser::ParseNameAddr(item, address, error) && address.bracketed;
  }
  return is_path && !values.failed() ? "" : "must be a list of <URI>";
}

Problem ReadTransport(value json, BindingLine& line) {
  using enum core::Transport;
  std::string text;
  if (Problem problem = ReadText(json, text); !problem.empty()) return problem;
  for (const core::Transport transport : {kUdp, kTcp, kTls, kWs, kWss}) {
    if (core::TransportName(transport) != text) continue;
    line.fixed.transport = transport;
    return "";
  }
  return "must be udp, tcp, tls, ws or wss";
}

Problem ReadIp(value json, BindingLine& line) {
  std::string text;
  if (Problem problem = ReadText(json, text); !problem.empty()) return problem;
  const auto ip = core::IpAddress::Parse(text);
  if (!ip) return "must be an IP address";
  line.fixed.source_address = *ip;
  return "";
}

Problem ReadPort(value json, BindingLine& line) {
  std::uint32_t port = 0;
  Problem problem = ReadNumber(json, 0, 65'535, port);
  line.fixed.source_port = static_cast<std::uint16_t>(port);
  return problem;
}

Problem PassOver(value, BindingLine&) { return ""; }

struct Member {
  std::string_view name;
  Problem (*read)(value json, BindingLine& line);
  bool is_needed = false;
};

template <std::string BindingLine::*kText>
Problem Text(value json, BindingLine& line) {
  return ReadText(json, line.*kText);
}

template <absl::Time core::Binding::*kTime>
Problem Time(value json, BindingLine& line) {
  return ReadTime(json, line.fixed.*kTime);
}

template <std::string core::Server::*kText>
Problem ServerText(value json, BindingLine& line) {
  std::string& text = line.server.*kText;
  if (Problem problem = ReadText(json, text); !problem.empty()) return problem;
  return text.size() <= kMaxHostBytes ? "" : "must be at most 255 bytes long";
}

constexpr auto kMembers = std::to_array<Member>({
    {"aor", ReadAor, true},
    {"contact", ReadContact, true},
    {"call_id", ReadCallId, true},
    {"cseq",
     [](value json, BindingLine& line) { return ReadNumber(json, 0, kMaxUint32, line.fixed.cseq); },
     true},
    {"expires_at", Time<&core::Binding::expires_at>, true},
    {"registered_at", Time<&core::Binding::registered_at>},
    {"updated_at", Time<&core::Binding::updated_at>},
    {"to_uri", Text<&BindingLine::to_uri>},
    {"q", ReadQ},
    {"instance", ReadInstance},
    {"reg_id", [](value json,
                  BindingLine& line) { return ReadNumber(json, 1, kMaxRegId, line.fixed.reg_id); }},
    {"instrument", Text<&BindingLine::instrument>},
    {"path", ReadPath},
    {"user_agent", Text<&BindingLine::user_agent>},
    {"transport", ReadTransport},
    {"ip", ReadIp},
    {"port", ReadPort},
    {"server", ServerText<&core::Server::address>},
    {"node_id",
     [](value json, BindingLine& line) {
       return ReadNumber(json, 0, kMaxUint32, line.server.node_id);
     }},
    {"node_name", ServerText<&core::Server::node_name>},
    // What the others tell.
    {"user", PassOver},
    {"domain", PassOver},
    {"mac", PassOver},
    {"received", PassOver},
    {"expires_in", PassOver},
});

/// Reads all members of `object`. Returns what is wrong, with the member's name, or "".
Problem ReadMembers(simdjson::ondemand::object object, BindingLine& line) {
  std::array<bool, kMembers.size()> is_there{};
  for (auto element : object) {
    simdjson::ondemand::field field;
    std::string_view name;
    if (std::move(element).get(field) || field.unescaped_key().get(name)) return kMalformed;
    const auto member = std::ranges::find(kMembers, name, &Member::name);
    if (member == kMembers.end()) return "unknown member \"" + std::string(name) + "\"";
    bool& is_repeated = is_there[static_cast<std::size_t>(member - kMembers.begin())];
    if (is_repeated) return std::string(name) + " is there twice";
    is_repeated = true;
    const Problem problem = member->read(field.value(), line);
    if (!problem.empty()) return std::string(name) + " " + problem;
  }
  for (std::size_t i = 0; i < kMembers.size(); ++i) {
    if (kMembers[i].is_needed && !is_there[i]) return std::string(kMembers[i].name) + " is missing";
  }
  return "";
}

/// The To must mean the AoR: whoever looks at the one finds the other.
Problem CompleteTo(BindingLine& line) {
  if (line.to_uri.empty()) line.to_uri.append("sip:").append(line.aor.text());
  parser::Uri uri;
  parser::ParseError error;
  const bool is_uri = parser::ParseUri(line.to_uri, uri, error);
  const auto aor = is_uri ? core::Aor::FromUri(uri) : std::nullopt;
  return aor == line.aor ? "" : "to_uri is not a URI of the aor";
}

std::size_t TextBytes(const BindingLine& line) {
  std::size_t bytes = line.aor.text().size();
  for (const std::string* text :
       {&line.to_uri, &line.contact, &line.call_id, &line.instance, &line.path, &line.user_agent}) {
    bytes += text->size();
  }
  const bool is_part = line.instance.find(line.instrument) != std::string::npos;
  return is_part ? bytes : bytes + line.instrument.size();
}

Problem Complete(BindingLine& line) {
  if (line.instrument.empty()) line.instrument = core::InstrumentFromInstance(line.instance);
  if (Problem problem = CompleteTo(line); !problem.empty()) return problem;
  if (TextBytes(line) > core::Limits::kMaxBindingBytes) {
    return "the texts of the binding exceed " + std::to_string(core::Limits::kMaxBindingBytes) +
           " bytes";
  }
  return "";
}

}  // namespace

core::Binding BindingLine::ToBinding() const {
  core::Binding binding = fixed;
  binding.aor = aor.text();
  binding.user = aor.user();
  binding.to_uri = to_uri;
  binding.contact = contact;
  binding.contact_uri = binding.contact.substr(uri_begin, uri_size);
  binding.q_text = q_text;
  binding.call_id = call_id;
  binding.instance = instance;
  binding.instrument = instrument;
  binding.path = path;
  binding.user_agent = user_agent;
  return binding;
}

struct BindingLineReader::Parser {
  simdjson::ondemand::parser json;
  std::string padded;  // the line, and behind it the room that the parser reads into
};

BindingLineReader::BindingLineReader() : parser_(std::make_unique<Parser>()) {}
BindingLineReader::~BindingLineReader() = default;

std::string BindingLineReader::Read(std::string_view line, absl::Time now, BindingLine& binding) {
  binding = BindingLine{};
  binding.fixed.updated_at = now;
  std::string& padded = parser_->padded;
  padded.assign(line);
  padded.append(simdjson::SIMDJSON_PADDING, ' ');
  simdjson::ondemand::document document;
  const auto error = parser_->json.iterate(padded.data(), line.size(), padded.size()).get(document);
  if (error) return error == simdjson::UTF8_ERROR ? "not UTF-8" : kMalformed;
  simdjson::ondemand::object object;
  if (const auto no_object = document.get_object().get(object)) {
    return no_object == simdjson::INCORRECT_TYPE ? "not a JSON object" : kMalformed;
  }
  if (Problem problem = ReadMembers(object, binding); !problem.empty()) return problem;
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) return kMalformed;
  return Complete(binding);
}

}  // namespace muster::http::v1
