#include "options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "filter_flags.h"

namespace muster::daemon::cli {
namespace {

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
    AddShow();
    AddCount();
    AddRemove();
    AddStats();
    AddExportAndImport();
    AddCheck();
  }

  CLI::App& app() { return app_; }

  Options Result() const {
    Options options = options_;
    for (const Command& command : commands_) {
      if (command.app->parsed()) options.command = command.name;
    }
    options.filters = filters_.Given();
    if (options.command == Options::Command::kRemove && options.filters.empty()) {
      throw CLI::ValidationError("rm needs a filter, such as --user");
    }
    options.sort = FieldName(options.sort);
    options.group_by = FieldName(options.group_by);
    return options;
  }

 private:
  struct Command {
    Options::Command name;
    const CLI::App* app;
  };

  CLI::App* Add(Options::Command name, const char* text, const char* help) {
    CLI::App* const app = app_.add_subcommand(text, help)->fallthrough();
    commands_.push_back({name, app});
    return app;
  }

  void AddJson(CLI::App& command, const char* help) {
    command.add_flag("--json", options_.json, help);
  }

  void AddList() {
    CLI::App* const list = Add(Options::Command::kList, "ls", "list bindings");
    filters_.AddTo(*list);
    AddJson(*list, "a JSON array of the API's items, or groups");
    auto* const limit = list->add_option("--limit", options_.limit, "at most so many; default: all")
                            ->check(Between(1, kMaxCount));
    auto* const offset =
        list->add_option("--offset,--start", options_.offset, "leave out the first so many")
            ->check(Between(0, kMaxCount));
    auto* const sort = list->add_option("--sort", options_.sort,
                                        "order by a field of those below; -FIELD: in reverse")
                           ->type_name("FIELD");
    list->add_option("--group-by", options_.group_by, "count by the values of a field")
        ->type_name("FIELD")
        ->excludes(limit, offset, sort);
  }

  void AddShow() {
    CLI::App* const show = Add(Options::Command::kShow, "show", "tell all of one AoR's bindings");
    show->add_option("AOR", options_.aor, "user@domain")->required();
    AddJson(*show, "a JSON array of the API's items");
  }

  void AddCount() {
    CLI::App* const count = Add(Options::Command::kCount, "count", "count bindings");
    filters_.AddTo(*count);
    AddJson(*count, "one JSON object");
    CLI::App* const explain =
        Add(Options::Command::kExplain, "explain", "tell how bindings would be found");
    filters_.AddTo(*explain);
    AddJson(*explain, "one JSON object");
  }

  void AddRemove() {
    CLI::App* const remove = Add(Options::Command::kRemove, "rm", "remove bindings");
    filters_.AddTo(*remove);
    remove->add_flag("--dry-run", options_.dry_run, "only say how many");
    remove->add_flag("--yes,-y", options_.yes,
                     "do not ask; needed where standard input is no terminal");
  }

  void AddStats() {
    CLI::App* const stats = Add(Options::Command::kStats, "stats", "tell of the daemon as a whole");
    AddJson(*stats, "one JSON object");
  }

  void AddExportAndImport() {
    Add(Options::Command::kExport, "export", "write all bindings to stdout, a JSON object a line");
    CLI::App* const import =
        Add(Options::Command::kImport, "import", "take in what export has written");
    import->add_option("FILE", options_.file, "- is standard input")->required();
    import->add_flag("--all-or-nothing", options_.all_or_nothing,
                     "check all lines first; import none when one is bad");
  }

  void AddCheck() {
    CLI::App* const check = Add(Options::Command::kCheck, "check",
                                "verify a data folder that no daemon uses, unchanged");
    AddJson(*check, "one JSON object");
  }

  static CLI::Validator Between(std::uint64_t least, std::uint64_t most) {
    return CLI::Range(least, most).description("");  // help is clear without it
  }

  static constexpr std::uint64_t kMaxCount = std::numeric_limits<std::int64_t>::max();

  CLI::App app_;
  Options options_;
  FilterFlags filters_;  // of the one command that is given
  std::vector<Command> commands_;
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
