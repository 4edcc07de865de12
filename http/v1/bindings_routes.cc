#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "binding_groups.h"
#include "binding_import.h"
#include "binding_listing.h"
#include "binding_query.h"
#include "key_lookup.h"
#include "muster/core/text.h"
#include "muster/http/json_writer.h"
#include "muster/http/v1.h"
#include "openapi.h"

namespace muster::http {
namespace {

constexpr std::string_view kPath = "/v1/bindings";
constexpr std::string_view kNdjson = "application/x-ndjson";

/// The media type without its parameters is that of newline-delimited JSON.
bool IsNdjson(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return core::EqualsIgnoringCase(type, kNdjson);
}

/// Reads the parameters of an import.
std::optional<v1::BadParameter> ReadDryRun(const Request& request, bool& dry_run) {
  for (const QueryParameter& parameter : request.query) {
    if (parameter.name != "dry_run") {
      return v1::BadParameter{parameter.name, "is unknown; there is dry_run"};
    }
    if (request.QueryValues("dry_run").size() > 1) {
      return v1::BadParameter{"dry_run", "is given more than once"};
    }
    std::string problem = v1::ReadFlag(parameter.value, dry_run);
    if (!problem.empty()) return v1::BadParameter{"dry_run", std::move(problem)};
  }
  return std::nullopt;
}

std::string ResultText(const v1::BindingImport::Result& result) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Key("imported");
  json.Number(static_cast<std::int64_t>(result.imported));
  json.Key("skipped");
  json.Number(static_cast<std::int64_t>(result.skipped));
  json.Key("errors");
  json.BeginArray();
  for (const v1::BindingImport::BadLine& bad : result.errors) {
    json.BeginObject();
    json.Key("line");
    json.Number(static_cast<std::int64_t>(bad.line));
    json.Key("message");
    json.String(bad.message);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return text;
}

Response JsonResponse(std::string body) {
  Response response;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

Response GroupBindings(const v1::BindingListing::Reader& reader, const core::BindingFilter& filter,
                       core::BindingField field) {
  const core::Groups groups = reader.location.GroupBy(filter, reader.clock.Now(), field);
  if (!groups.is_complete) {
    return v1::BadParameterResponse({"group_by", "has too many different values: filter more"});
  }
  return JsonResponse(v1::GroupsText(groups));
}

Response AnswerQuery(const v1::BindingListing::Reader& reader, v1::BindingQuery query) {
  if (query.explains) {
    const absl::Time now = reader.clock.Now();
    return JsonResponse(v1::ExplanationText(reader.location.Explain(query.filter, now)));
  }
  if (query.group_by) return GroupBindings(reader, query.filter, *query.group_by);
  const auto listing = std::make_shared<v1::BindingListing>(reader, std::move(query));
  Response response;
  response.content_type = "application/json";
  response.chunks = [listing](std::string& chunk) { return listing->Next(chunk); };
  return response;
}

Response ListBindings(const v1::BindingListing::Reader& reader, const Request& request) {
  v1::BindingQuery query;
  const auto bad = v1::ReadBindingQuery(request, reader.location.servers(), query);
  if (bad) return v1::BadParameterResponse(*bad);
  // To sort or group them, all rows of the key are looked at before the first is answered.
  const bool is_in_pieces = !query.sort && !query.group_by;
  if (is_in_pieces && IsKeyLookup(query.filter)) return AnswerQuery(reader, std::move(query));
  Response response;
  response.work = [reader, query = std::move(query)] { return AnswerQuery(reader, query); };
  return response;
}

std::string CountText(std::string_view key, std::size_t count) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Key(key);
  json.Number(static_cast<std::int64_t>(count));
  json.EndObject();
  return text;
}

/// Waits for the journal when there is more to remove than one batch takes.
Response RemoveBindings(core::LocationService& location, core::Commits& commits, absl::Time now,
                        const core::BindingFilter& filter) {
  const core::Removal removal = location.Remove(filter, now, commits);
  if (!removal.complete) {
    return Response::JsonError(503, "store_fails", "some, or all, of them are still there");
  }
  Response response = JsonResponse(CountText("deleted", removal.removed));
  response.after_batch = removal.batch;
  return response;
}

Response AnswerRemoval(core::LocationService& location, core::Commits& commits,
                       const core::Clock& clock, const Request& request) {
  v1::BindingRemoval asked;
  const auto bad = v1::ReadBindingRemoval(request, location.servers(), asked);
  if (bad) return v1::BadParameterResponse(*bad);
  Response response;
  response.work = [&location, &commits, &clock, asked = std::move(asked)] {
    const absl::Time now = clock.Now();
    if (!asked.dry_run) return RemoveBindings(location, commits, now, asked.filter);
    return JsonResponse(CountText("would_delete", location.Count(asked.filter, now)));
  };
  return response;
}

Response ImportBindings(core::LocationService& location, core::Commits& commits, absl::Time now,
                        std::size_t max_contacts, const Request& request) {
  v1::ImportOptions options{.max_contacts = max_contacts, .dry_run = false};
  if (const auto bad = ReadDryRun(request, options.dry_run)) return v1::BadParameterResponse(*bad);
  if (!IsNdjson(request.content_type)) {
    return Response::JsonError(415, "bad_content_type", "the body must be application/x-ndjson");
  }
  v1::BindingImport import(location, now, options);
  import.TakeLines(request.body);
  const v1::BindingImport::Result& result = import.result();
  if (result.last_batch != 0) commits.Request();
  Response response = JsonResponse(ResultText(result));
  response.since_batch = result.first_batch;
  response.after_batch = result.last_batch;
  return response;
}

}  // namespace

void AddV1Routes(Router& router, core::LocationService& location, core::Commits& commits,
                 const core::Clock& clock, const core::Limits& limits, std::size_t max_contacts) {
  using Values = std::span<const std::string_view>;
  const v1::BindingListing::Reader reader{location, clock, limits.http_chunk_bytes};
  router.Add(Router::Access::kAuthorized, "GET", kPath,
             [reader](const Request& request, Values) { return ListBindings(reader, request); });
  router.Add(Router::Access::kAuthorized, "POST", kPath,
             [&location, &commits, &clock, max_contacts](const Request& request, Values) {
               return ImportBindings(location, commits, clock.Now(), max_contacts, request);
             });
  router.Add(Router::Access::kAuthorized, "DELETE", kPath,
             [&location, &commits, &clock](const Request& request, Values) {
               return AnswerRemoval(location, commits, clock, request);
             });
  router.Add(Router::Access::kOpen, "GET", "/openapi.json",
             [](const Request&, Values) { return JsonResponse(v1::OpenApiText()); });
}

}  // namespace muster::http
