#include "import.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "bindings.h"
#include "line_pieces.h"
#include "muster/core/limits.h"
#include "printable.h"
#include "report.h"

namespace muster::daemon::cli {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

/// What a daemon takes at once.
const std::size_t kMaxPieceBytes = core::Limits().max_http_body_bytes;

enum class Pass { kDryRun, kForReal };

struct Totals {
  std::uint64_t imported = 0;
  std::uint64_t skipped = 0;
  std::uint64_t bad = 0;
};

std::string Summary(const Totals& totals) {
  return std::to_string(totals.imported) + " imported, " + std::to_string(totals.skipped) +
         " skipped, " + std::to_string(totals.bad) + " bad\n";
}

/// One walk over all lines.
class Walk {
 public:
  Walk(std::string file_name, Pass pass, DaemonClient& daemon)
      : file_name_(std::move(file_name)), pass_(pass), daemon_(daemon) {}

  /// Sends everything, until the file cannot be read or the daemon does not take it: then it
  /// returns why, else "".
  std::string Run(std::FILE* file);
  const Totals& totals() const { return totals_; }

 private:
  std::string Send(const LinePiece& piece);
  void ReportBadLine(std::uint64_t line, const std::string& message);

  const std::string file_name_;
  const Pass pass_;
  DaemonClient& daemon_;
  Progress progress_{"lines"};
  Totals totals_;
};

std::string Walk::Run(std::FILE* file) {
  LinePieces pieces(file, kMaxPieceBytes);
  for (LinePiece piece; pieces.Next(piece);) {
    if (piece.is_too_long) {
      ReportBadLine(piece.first_line, "longer than " + std::to_string(kMaxPieceBytes) + " bytes");
    } else if (std::string problem = Send(piece); !problem.empty()) {
      progress_.Clear();
      return problem + "; nothing is known of line " + std::to_string(piece.first_line) +
             " and those behind it";
    }
    progress_.Show(piece.first_line + piece.lines - 1);
  }
  progress_.Clear();
  if (std::ferror(file) != 0) return "cannot read " + file_name_ + ": " + std::strerror(errno);
  return "";
}

/// Returns why the daemon did not answer for the piece, or "".
std::string Walk::Send(const LinePiece& piece) {
  std::string document;
  const HttpRequest request{
      .method = "POST",
      .path = pass_ == Pass::kDryRun ? "/v1/bindings?dry_run=1" : "/v1/bindings",
      .content_type = "application/x-ndjson",
      .content = piece.text};
  if (!daemon_.Ask(request, document)) return daemon_.problem();
  const std::optional<ImportReply> reply = ReadImportReply(document);
  if (!reply) return "the daemon's answer is not that to an import";
  totals_.imported += reply->imported;
  totals_.skipped += reply->skipped;
  for (const ImportReply::BadLine& bad : reply->errors) {
    ReportBadLine(piece.first_line + bad.line - 1, bad.message);
  }
  return "";
}

void Walk::ReportBadLine(std::uint64_t line, const std::string& message) {
  progress_.Clear();
  std::cerr << file_name_ << ":" << line << ": " << Printable(message) << "\n";
  ++totals_.bad;
}

/// `file` if it can be read twice, else a copy without a name; null when that fails.
File Rereadable(File file) {
  if (std::fseek(file.get(), 0, SEEK_CUR) == 0) return file;
  File copy(std::tmpfile());
  char buffer[65'536];
  while (copy != nullptr) {
    const std::size_t count = std::fread(buffer, 1, sizeof(buffer), file.get());
    if (count == 0) break;
    if (std::fwrite(buffer, 1, count, copy.get()) != count) return nullptr;
  }
  if (copy == nullptr || std::ferror(file.get()) != 0) return nullptr;
  const bool is_whole = std::fflush(copy.get()) == 0 && std::fseek(copy.get(), 0, SEEK_SET) == 0;
  return is_whole ? std::move(copy) : nullptr;
}

}  // namespace

int Import(const Options& options, DaemonClient& daemon) {
  const bool is_stdin = options.file == "-";
  const std::string name = is_stdin ? "stdin" : options.file;
  File file(is_stdin ? stdin : std::fopen(options.file.c_str(), "rb"));
  if (file == nullptr) {
    return Fail(kExitUsage, "cannot read " + name + ": " + std::strerror(errno));
  }
  if (options.all_or_nothing) {
    file = Rereadable(std::move(file));
    if (file == nullptr) {
      return Fail(kExitFailed, "cannot keep a copy of " + name + ": " + std::strerror(errno));
    }
    const long begin = std::ftell(file.get());
    Walk trial(name, Pass::kDryRun, daemon);
    const std::string problem = trial.Run(file.get());
    if (!problem.empty()) return Fail(kExitFailed, problem + "; nothing was imported");
    if (trial.totals().bad > 0) {
      Print(Summary({.bad = trial.totals().bad}));
      return kExitFailed;
    }
    std::fseek(file.get(), begin, SEEK_SET);
  }
  Walk walk(name, Pass::kForReal, daemon);
  const std::string problem = walk.Run(file.get());
  const int printed = Print(Summary(walk.totals()));
  if (!problem.empty()) return Fail(kExitFailed, problem);
  return walk.totals().bad > 0 ? kExitFailed : printed;
}

}  // namespace muster::daemon::cli
