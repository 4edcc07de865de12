#include "daemon/options.h"

#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "daemon/settings.h"

namespace muster::daemon {
namespace {

/// Values of one setting, and the words in which their origin is named to a person.
struct Given {
  std::vector<std::string> values;
  std::string origin;  // "--sip", "MUSTER_SIP", "/etc/muster.toml: sip"
};
using GivenByName = std::map<std::string, Given>;

struct Flags {
  GivenByName given;
  std::optional<std::string> config;
};

/// One line, whatever the settings hold.
EarlyExit Wrong(const std::string& text) {
  return {2, absl::StrCat("musterd: ", absl::StrReplaceAll(text, {{"\n", "\\n"}, {"\r", "\\r"}}))};
}

std::string VariableName(const std::string& setting) {
  return absl::StrCat("MUSTER_", absl::AsciiStrToUpper(absl::StrReplaceAll(setting, {{"-", "_"}})));
}

std::variant<Flags, EarlyExit> ReadFlags(int argc, const char* const* argv) {
  CLI::App app("musterd, the muster daemon: a SIP registrar that can be asked.", "musterd");
  app.set_version_flag("--version", "musterd " MUSTER_VERSION);
  Flags flags;
  std::string config;
  const CLI::Option* config_option =
      app.add_option("--config", config, "TOML file with these settings as keys")
          ->type_name("FILE");
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, const CLI::Option*> options;
  for (const Setting& setting : Settings()) {
    CLI::Option* option = app.add_option("--" + setting.name, values[setting.name], setting.help)
                              ->type_name(setting.values)
                              ->allow_extra_args(false);
    if (!setting.repeatable) option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    options[setting.name] = option;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{0, app.help()};
  } catch (const CLI::CallForVersion& version) {
    return EarlyExit{0, absl::StrCat(version.what(), "\n")};
  } catch (const CLI::ParseError& error) {
    return Wrong(absl::StrCat(error.what(), "; see musterd --help"));
  }
  for (const auto& [name, option] : options) {
    if (option->count() > 0) flags.given[name] = {values[name], absl::StrCat("--", name)};
  }
  if (config_option->count() > 0) flags.config = config;
  return flags;
}

/// A TOML value as the text that a flag would have had.
std::optional<std::string> TextOf(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return absl::StrCat(*number);
  if (const auto boolean = node.value_exact<bool>()) return *boolean ? "on" : "off";
  return std::nullopt;
}

std::optional<std::vector<std::string>> TextsOf(const toml::node& node, bool repeatable) {
  std::vector<std::string> values;
  if (const toml::array* array = node.as_array(); array != nullptr && repeatable) {
    for (const toml::node& item : *array) {
      auto text = TextOf(item);
      if (!text) return std::nullopt;
      values.push_back(*std::move(text));
    }
    return values;
  }
  auto text = TextOf(node);
  if (!text) return std::nullopt;
  values.push_back(*std::move(text));
  return values;
}

/// The text of a file, or nullopt when it cannot be read.
std::optional<std::string> ReadText(const std::string& path) {
  std::ifstream file(path);
  std::error_code error;
  // A folder opens as well, and fails only as it is read.
  if (!file || std::filesystem::is_directory(path, error)) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::variant<GivenByName, EarlyExit> ReadFile(const std::string& path) {
  const auto text = ReadText(path);
  if (!text) return Wrong(absl::StrCat("config: '", path, "': expected a file that can be read"));
  toml::table table;
  try {
    table = toml::parse(*text, path);
  } catch (const toml::parse_error& error) {
    return Wrong(
        absl::StrCat(path, ":", error.source().begin.line, ": ", std::string(error.description())));
  }
  GivenByName given;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string place = absl::StrCat(path, ":", key.source().begin.line, ": ", name);
    const auto setting = std::ranges::find(Settings(), name, &Setting::name);
    if (setting == Settings().end()) return Wrong(absl::StrCat(place, ": no such setting"));
    auto values = TextsOf(node, setting->repeatable);
    if (!values || values->empty()) {
      return Wrong(absl::StrCat(place, ": expected ", setting->values,
                                setting->repeatable ? " or a list of it" : ""));
    }
    given[name] = {*std::move(values), place};
  }
  return given;
}

GivenByName ReadEnvironment(const Environment& environment) {
  GivenByName given;
  for (const Setting& setting : Settings()) {
    const std::string variable = VariableName(setting.name);
    const auto text = environment(variable);
    if (!text) continue;
    std::vector<std::string> values = {*text};
    if (setting.repeatable) values = absl::StrSplit(*text, ',');
    given[setting.name] = {std::move(values), variable};
  }
  return given;
}

std::variant<Options, EarlyExit> Apply(const GivenByName& given) {
  Options options = DefaultOptions();
  for (const Setting& setting : Settings()) {
    const auto found = given.find(setting.name);
    if (found == given.end()) continue;
    if (const auto wrong = setting.set(found->second.values, options)) {
      return Wrong(absl::StrCat(found->second.origin, ": ", *wrong));
    }
  }
  if (const auto wrong = CheckTogether(options)) return Wrong(*wrong);
  return options;
}

}  // namespace

std::variant<Options, EarlyExit> ReadOptions(int argc, const char* const* argv,
                                             const Environment& environment) {
  auto flags = ReadFlags(argc, argv);
  if (auto* exit = std::get_if<EarlyExit>(&flags)) return std::move(*exit);
  auto& [given, config] = std::get<Flags>(flags);
  if (!config) config = environment("MUSTER_CONFIG");

  // What a source has said already is not overwritten by a weaker one.
  given.merge(ReadEnvironment(environment));
  if (config) {
    auto file = ReadFile(*config);
    if (auto* exit = std::get_if<EarlyExit>(&file)) return std::move(*exit);
    given.merge(std::get<GivenByName>(std::move(file)));
  }
  return Apply(given);
}

}  // namespace muster::daemon
