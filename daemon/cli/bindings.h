#pragma once

// The documents of /v1/bindings as the command line uses them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::daemon::cli {

struct BindingsPage {
  std::string lines;  // each item byte for byte, a line feed behind it
  std::uint64_t count = 0;
  std::string next;  // cursor; empty at the end
};

/// nullopt when the document is none.
std::optional<BindingsPage> ReadBindingsPage(std::string_view document);

struct ImportReply {
  struct BadLine {
    std::uint64_t line = 0;  // of the piece that was sent, counted from 1
    std::string message;
  };
  std::uint64_t imported = 0;
  std::uint64_t skipped = 0;
  std::vector<BadLine> errors;
};

/// nullopt when the document is none.
std::optional<ImportReply> ReadImportReply(std::string_view document);

}  // namespace muster::daemon::cli
