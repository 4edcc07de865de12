#include "daemon/settings.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace muster::daemon {
namespace {

using Values = std::vector<std::string>;
using Wrong = std::optional<std::string>;

std::string Quoted(const std::string& value) { return absl::StrCat("'", value, "': "); }

/// A whole number of `least` to `most`.
template <typename Number, typename Get>
auto NumberSetter(Number least, Number most, Get get) {
  return [=](const Values& values, Options& options) -> Wrong {
    const std::string& text = values.back();
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() ||
        number < least || number > most) {
      return absl::StrCat(Quoted(text), "expected a whole number of ", least, " to ", most);
    }
    get(options) = number;
    return std::nullopt;
  };
}

/// One of a few words.
template <typename Value, typename Get>
auto WordSetter(std::vector<std::pair<std::string, Value>> words, Get get) {
  return [words = std::move(words), get](const Values& values, Options& options) -> Wrong {
    std::string expected;
    for (const auto& [word, value] : words) {
      if (word == values.back()) {
        get(options) = value;
        return std::nullopt;
      }
      absl::StrAppend(&expected, expected.empty() ? "" : ", ", word);
    }
    return absl::StrCat(Quoted(values.back()), "expected one of ", expected);
  };
}

template <typename Get>
auto TextSetter(Get get) {
  return [get](const Values& values, Options& options) -> Wrong {
    if (values.back().empty()) return "expected a text that is not empty";
    get(options) = values.back();
    return std::nullopt;
  };
}

Wrong SetSip(const Values& values, Options& options) {
  options.sip.clear();
  for (const std::string& value : values) {
    const auto address = sip::ListenAddress::Parse(value);
    if (!address.ok()) return std::string(address.status().message());
    options.sip.push_back(*address);
  }
  return std::nullopt;
}

Wrong SetHttp(const Values& values, Options& options) {
  const auto address = HttpListenAddress::Parse(values.back());
  if (!address) return absl::StrCat(Quoted(values.back()), "expected HOST:PORT");
  options.http = *address;
  return std::nullopt;
}

Wrong SetDomains(const Values& values, Options& options) {
  for (const std::string& value : values) {
    const bool clean = !value.empty() && value.find_first_of(" \t@:/;,") == std::string::npos;
    if (!clean) return absl::StrCat(Quoted(value), "expected a domain name");
  }
  options.registrar.domains = values;
  return std::nullopt;
}

/// HOST[:PORT]; the port is of no use yet, but checked.
Wrong SetAdvertise(const Values& values, Options& options) {
  const std::string& value = values.back();
  const bool has_port =
      !value.empty() && value.back() != ']' && value.find(':') != std::string::npos;
  const auto address = HttpListenAddress::Parse(has_port ? value : absl::StrCat(value, ":0"));
  if (!address) return absl::StrCat(Quoted(value), "expected HOST or HOST:PORT, IPv6 in brackets");
  std::string& host = options.registrar.node.address;
  host = address->host;
  if (host.front() == '[') host = host.substr(1, host.size() - 2);
  return std::nullopt;
}

std::string HostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

std::size_t UsableCores() {
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof(cores), &cores) != 0) return 1;
  return static_cast<std::size_t>(CPU_COUNT(&cores));
}

std::vector<Setting> MakeSettings() {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  const auto seconds = [](std::uint32_t core::RegistrarOptions::*member) {
    return NumberSetter<std::uint32_t>(
        1, kMost, [member](Options & o) -> auto& { return o.registrar.*member; });
  };
  using R = core::RegistrarOptions;
  return {
      {"sip", "TRANSPORT:HOST:PORT",
       "SIP listener: udp or tcp, IPv6 in brackets, port 0 for a free one [udp and "
       "tcp:127.0.0.1:5060]",
       true, SetSip},
      {"http", "HOST:PORT", "HTTP listener [127.0.0.1:8080]", false, SetHttp},
      {"http-auth", "on|off", "ask for the token of DIR/admin.token [on]", false,
       WordSetter<bool>(
           {{"on", true}, {"off", false}}, [](Options & o) -> auto& { return o.http_auth; })},
      {"data", "DIR", "data folder, created when missing [./muster-data]", false,
       TextSetter([](Options & o) -> auto& { return o.data; })},
      {"durability", "memory|process|power",
       "what a 200 OK survives: nothing, kill -9 of musterd, or loss of power [power]", false,
       WordSetter<Durability>(
           {{"memory", Durability::kMemory},
            {"process", Durability::kProcess},
            {"power", Durability::kPower}},
           [](Options & o) -> auto& { return o.durability; })},
      {"domain", "NAME", "SIP domain that it is registrar for [any]", true, SetDomains},
      {"node-id", "N", "number of this node [1]", false,
       NumberSetter<std::uint32_t>(
           1, kMost, [](Options & o) -> auto& { return o.registrar.node.node_id; })},
      {"node-name", "FQDN", "name of this node [the host name]", false,
       TextSetter([](Options & o) -> auto& { return o.registrar.node.node_name; })},
      {"advertise", "HOST[:PORT]",
       "address that bindings show as their server [the local address of each REGISTER]", false,
       SetAdvertise},
      {"min-expires", "SECONDS", "shorter registrations get 423 [60]", false,
       seconds(&R::min_expires_seconds)},
      {"max-expires", "SECONDS", "longer registrations are shortened [7200]", false,
       seconds(&R::max_expires_seconds)},
      {"default-expires", "SECONDS", "for a REGISTER that says nothing [3600]", false,
       seconds(&R::default_expires_seconds)},
      {"expires-jitter", "PERCENT", "shorten granted times at random by up to this [0]", false,
       NumberSetter<std::uint32_t>(
           0, 100, [](Options & o) -> auto& { return o.registrar.expires_jitter_percent; })},
      {"max-contacts", "N", "bindings per AoR [10]", false,
       NumberSetter<std::size_t>(
           1, 1'000, [](Options & o) -> auto& { return o.registrar.max_contacts; })},
      {"workers", "N", "threads for UDP, and as many for streams [the cores it may use]", false,
       NumberSetter<std::size_t>(
           1, 256, [](Options & o) -> auto& { return o.workers; })},
      {"log-level", "error|warn|info|debug", "least level that is logged [info]", false,
       WordSetter<spdlog::level::level_enum>(
           {{"error", spdlog::level::err},
            {"warn", spdlog::level::warn},
            {"info", spdlog::level::info},
            {"debug", spdlog::level::debug}},
           [](Options & o) -> auto& { return o.log_level; })},
      {"log-format", "text|json", "form of the log on stderr [text]", false,
       WordSetter<LogFormat>(
           {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
           [](Options & o) -> auto& { return o.log_format; })},
  };
}

}  // namespace

const std::vector<Setting>& Settings() {
  static const std::vector<Setting> settings = MakeSettings();
  return settings;
}

std::optional<std::string> CheckTogether(const Options& options) {
  const core::RegistrarOptions& registrar = options.registrar;
  if (registrar.min_expires_seconds > registrar.max_expires_seconds) {
    return absl::StrCat("min-expires: ", registrar.min_expires_seconds,
                        ": expected at most max-expires, ", registrar.max_expires_seconds);
  }
  if (registrar.default_expires_seconds < registrar.min_expires_seconds) {
    return absl::StrCat("default-expires: ", registrar.default_expires_seconds,
                        ": expected at least min-expires, ", registrar.min_expires_seconds);
  }
  if (registrar.default_expires_seconds > registrar.max_expires_seconds) {
    return absl::StrCat("default-expires: ", registrar.default_expires_seconds,
                        ": expected at most max-expires, ", registrar.max_expires_seconds);
  }
  return std::nullopt;
}

Options DefaultOptions() {
  Options options;
  SetSip({"udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"}, options);
  options.registrar.node.node_id = 1;
  options.registrar.node.node_name = HostName();
  options.workers = UsableCores();
  return options;
}

}  // namespace muster::daemon
