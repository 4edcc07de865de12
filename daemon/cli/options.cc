#include "options.h"

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

namespace muster::daemon::cli {
namespace {

constexpr char kFilterNames[] = "--user, --mac, --ip, --call-id and --server";

/// The filters as they were given, each by its own flag.
struct Filters {
  struct Flag {
    Selector::Field field;
    const char* name;
    const char* help;
  };
  static constexpr std::array<Flag, 5> kFlags = {{
      {Selector::Field::kUser, "--user", "user part, or user@domain"},
      {Selector::Field::kMac, "--mac", "MAC in any notation, or another instrument"},
      {Selector::Field::kIp, "--ip", "Contact host, source address or Call-ID host"},
      {Selector::Field::kCallId, "--call-id", "Call-ID, exactly"},
      {Selector::Field::kServer, "--server", "node id, node name or node address"},
  }};

  void AddTo(CLI::App& command) {
    for (std::size_t i = 0; i < kFlags.size(); ++i) {
      command.add_option(kFlags[i].name, values[i], kFlags[i].help)->group("Which");
    }
  }

  std::array<std::optional<std::string>, kFlags.size()> values;
};

void CheckThat(bool condition, const std::string& text) {
  if (!condition) throw CLI::ValidationError(text);
}

Selector SelectorOf(const Filters& filters) {
  Selector selector;
  for (std::size_t i = 0; i < filters.values.size(); ++i) {
    if (!filters.values[i]) continue;
    CheckThat(selector.field == Selector::Field::kAll,
              std::string("only one of ") + kFilterNames + " may be given");
    CheckThat(!filters.values[i]->empty(),
              std::string(Filters::kFlags[i].name) + " needs a value that is not empty");
    selector = {Filters::kFlags[i].field, *filters.values[i]};
  }
  return selector;
}

/// The command line's grammar, and what it puts where.
class Grammar {
 public:
  Grammar()
      : app_("Asks a running musterd who is registered where, or checks its files.", "muster") {
    app_.set_version_flag("--version", "muster " MUSTER_VERSION);
    app_.require_subcommand(1);
    app_.add_option("--url", options_.url, "the daemon's address; default: DATA/http.url");
    app_.add_option("--token", options_.token,
                    "the operator's token, '' for none; default: DATA/admin.token");
    app_.add_option("--data", options_.data, "the daemon's data folder")->capture_default_str();
    AddList();
    AddRemove();
    AddExportAndImport();
    AddCheck();
  }

  CLI::App& app() { return app_; }

  Options Result() const {
    Options options = options_;
    const bool is_remove = remove_->parsed();
    if (is_remove) options.command = Options::Command::kRemove;
    if (export_->parsed()) options.command = Options::Command::kExport;
    if (import_->parsed()) options.command = Options::Command::kImport;
    if (check_->parsed()) options.command = Options::Command::kCheck;
    options.selector = SelectorOf(is_remove ? remove_filters_ : list_filters_);
    CheckThat(!is_remove || options.selector.field != Selector::Field::kAll,
              std::string("rm needs one of ") + kFilterNames);
    return options;
  }

 private:
  void AddList() {
    CLI::App* list = app_.add_subcommand("ls", "list registrations")->fallthrough();
    list_filters_.AddTo(*list);
    const CLI::Validator count =
        CLI::Range(std::uint64_t{0}, kMaxCount).description("");  // help is clear without it
    list->add_flag("--json", options_.json, "a JSON array of the API's items");
    list->add_option("--limit", options_.limit, "at most so many, latest expiry first")
        ->check(count);
    list->add_option("--start", options_.start, "leave out the first so many")->check(count);
  }

  void AddRemove() {
    remove_ = app_.add_subcommand("rm", "remove registrations")->fallthrough();
    remove_filters_.AddTo(*remove_);
    remove_->add_flag("--yes,-y", options_.yes,
                      "do not ask; needed where standard input is no terminal");
  }

  void AddExportAndImport() {
    export_ = app_.add_subcommand("export", "write all bindings to stdout, a JSON object a line")
                  ->fallthrough();
    import_ = app_.add_subcommand("import", "take in what export has written")->fallthrough();
    import_->add_option("FILE", options_.file, "- is standard input")->required();
    import_->add_flag("--all-or-nothing", options_.all_or_nothing,
                      "check all lines first; import none when one is bad");
  }

  void AddCheck() {
    check_ = app_.add_subcommand("check", "verify a data folder that no daemon uses, unchanged")
                 ->fallthrough();
    check_->add_flag("--json", options_.json, "one JSON object");
  }

  static constexpr std::uint64_t kMaxCount = std::numeric_limits<std::int64_t>::max();

  CLI::App app_;
  Options options_;
  Filters list_filters_;
  Filters remove_filters_;
  CLI::App* remove_ = nullptr;
  CLI::App* export_ = nullptr;
  CLI::App* import_ = nullptr;
  CLI::App* check_ = nullptr;
};

}  // namespace

ParsedOptions ParseOptions(int argc, const char* const* argv) {
  Grammar grammar;
  try {
    grammar.app().parse(argc, argv);
    return {grammar.Result(), kExitOk};
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help and --version
      grammar.app().exit(error);
      return {std::nullopt, kExitOk};
    }
    const std::vector<std::string> unknown = grammar.app().remaining();
    std::cerr << "muster: "
              << (unknown.empty() ? error.what() : "unknown command or argument " + unknown.front())
              << "; see muster --help\n";
    return {std::nullopt, kExitUsage};
  }
}

}  // namespace muster::daemon::cli
