#include "binding_import.h"

#include <algorithm>
#include <optional>

#include "muster/parser/uri.h"

namespace muster::http::v1 {
namespace {

/// The binding with the same Contact URI (RFC 3261 10.3 step 7).
std::optional<std::size_t> FindContact(const core::Record& record, std::string_view text) {
  parser::Uri uri;
  parser::ParseError error;
  if (!parser::ParseUri(text, uri, error)) return std::nullopt;
  for (std::size_t i = 0; i < record.size(); ++i) {
    parser::Uri stored;
    const bool is_uri = parser::ParseUri(record.at(i).contact_uri, stored, error);
    if (is_uri && parser::Equivalent(uri, stored)) return i;
  }
  return std::nullopt;
}

std::string_view Describe(core::JournalState state) {
  switch (state) {
    case core::JournalState::kOpen:
      return "";
    case core::JournalState::kFailing:
      return "the store fails";
    case core::JournalState::kBehind:
      return "the store is behind, try again";
  }
  return "";
}

}  // namespace

void BindingImport::TakeLines(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::string problem = TakeLine(line);
    if (!problem.empty()) result_.errors.push_back({number, std::move(problem)});
  }
}

/// Returns what is wrong with the line, or "".
std::string BindingImport::TakeLine(std::string_view line) {
  std::string problem = reader_.Read(line, now_, line_);
  if (!problem.empty()) return problem;
  core::Binding binding = line_.ToBinding();
  if (binding.expires_at <= now_) {
    ++result_.skipped;
    return "";
  }
  if (!options_.dry_run && !FindServer(binding.server)) {
    return "server is one more than the " + std::to_string(core::ServerRegistry::kMaxServers) +
           " that are remembered";
  }
  Fate fate = Fate::kRefused;
  const core::BatchNumber batch = location_.Edit(
      line_.aor, now_, [&](core::Record& record) { fate = Apply(record, binding, problem); });
  if (fate == Fate::kImported) ++result_.imported;
  if (fate == Fate::kSkipped) ++result_.skipped;
  if (!options_.dry_run && fate != Fate::kRefused) AddBatch(batch);
  return problem;
}

/// The id of the line's server. False when no more servers can be held.
bool BindingImport::FindServer(core::ServerId& id) {
  if (line_.server == core::Server{}) return true;
  if (line_.server != server_) {
    server_ = line_.server;
    server_id_ = location_.servers().Add(server_);
  }
  id = server_id_;
  return location_.servers().Get(id) == server_;
}

BindingImport::Fate BindingImport::Apply(core::Record& record, const core::Binding& binding,
                                         std::string& problem) const {
  problem = Describe(record.journal_state());
  if (!problem.empty()) return Fate::kRefused;
  if (const auto index = FindContact(record, binding.contact_uri)) {
    if (record.at(*index).updated_at >= binding.updated_at) return Fate::kSkipped;
    if (!options_.dry_run) record.Replace(*index, binding);
    return Fate::kImported;
  }
  if (record.size() >= options_.max_contacts) {
    problem = "too many contacts for this AoR";
  } else if (!record.HasRoomFor(1)) {
    problem = "the table is full";
  } else {
    if (!options_.dry_run) AddInOrder(record, binding);
    return Fate::kImported;
  }
  return Fate::kRefused;
}

/// Bindings of an AoR stand in the order of their first registration, which that of the lines need
/// not be: those that came later are put behind the new one.
void BindingImport::AddInOrder(core::Record& record, const core::Binding& binding) const {
  const bool is_new = binding.registered_at == absl::UnixEpoch();
  core::BindingPage later;
  for (std::size_t i = 0; !is_new && i < record.size();) {
    if (record.at(i).registered_at <= binding.registered_at) {
      ++i;
      continue;
    }
    later.Append(record.at(i));
    record.Remove(i);
  }
  record.Add(binding);
  for (const core::Binding& other : later) record.Add(other);
}

void BindingImport::AddBatch(core::BatchNumber batch) {
  if (batch == 0) return;
  core::BatchNumber& first = result_.first_batch;
  first = first == 0 ? batch : std::min(first, batch);
  result_.last_batch = std::max(result_.last_batch, batch);
}

}  // namespace muster::http::v1
