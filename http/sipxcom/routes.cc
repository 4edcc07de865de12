#include <memory>
#include <string>

#include "filter.h"
#include "format.h"
#include "key_lookup.h"
#include "listing.h"
#include "muster/http/sipxcom.h"
#include "paging.h"

namespace muster::http {
namespace {

using sipxcom::Resource;
using Values = std::span<const std::string_view>;

/// Answers one of the six resources, by GET and by DELETE.
class ResourceHandler {
 public:
  ResourceHandler(Resource resource, core::LocationService& location, core::Commits& commits,
                  const core::Clock& clock, const core::Limits& limits)
      : resource_(resource),
        location_(location),
        commits_(commits),
        clock_(clock),
        chunk_bytes_(limits.http_chunk_bytes) {}

  Response Get(const Request& request, Values values) const;
  Response Delete(const Request& request, Values values) const;

 private:
  sipxcom::Selection Select(const Request& request, Values values) const;
  Response List(sipxcom::Format format, const sipxcom::Selection& selection,
                const std::optional<sipxcom::Paging>& paging) const;
  Response Remove(const core::BindingFilter& filter) const;
  static Response NotFound() { return Response::Text(404, "Server not found"); }

  Resource resource_;
  core::LocationService& location_;
  core::Commits& commits_;
  const core::Clock& clock_;
  std::size_t chunk_bytes_;
};

sipxcom::Selection ResourceHandler::Select(const Request& request, Values values) const {
  std::string_view value = values.empty() ? std::string_view() : values.back();
  value.remove_suffix(values.empty() ? 0 : sipxcom::PathExtension(request).size());
  return sipxcom::Select(resource_, value, location_.servers());
}

Response ResourceHandler::Get(const Request& request, Values values) const {
  const auto format = sipxcom::ChooseFormat(request);
  if (!format) {
    return Response::Text(406, "only application/json, text/xml and application/xml are served");
  }
  sipxcom::PagingResult paging = sipxcom::ReadPaging(request);
  if (!paging.problem.empty()) return Response::Text(400, std::move(paging.problem));
  sipxcom::Selection selection = Select(request, values);
  if (selection.kind == sipxcom::Selection::Kind::kNotFound) return NotFound();
  if (IsKeyLookup(selection.filter)) return List(*format, selection, paging.paging);
  Response response;
  response.work = [this_one = *this, format = *format, selection = std::move(selection),
                   paging = paging.paging] { return this_one.List(format, selection, paging); };
  return response;
}

Response ResourceHandler::List(sipxcom::Format format, const sipxcom::Selection& selection,
                               const std::optional<sipxcom::Paging>& paging) const {
  const auto listing = std::make_shared<sipxcom::Listing>(
      sipxcom::Listing::Reader{location_, clock_, chunk_bytes_}, format, selection, paging);
  Response response;
  response.content_type = sipxcom::ContentType(format);
  response.chunks = [listing](std::string& chunk) { return listing->Next(chunk); };
  return response;
}

Response ResourceHandler::Delete(const Request& request, Values values) const {
  const sipxcom::Selection selection = Select(request, values);
  if (selection.kind == sipxcom::Selection::Kind::kNotFound) return NotFound();
  if (selection.kind != sipxcom::Selection::Kind::kFilter) return Response{};
  Response response;
  response.work = [this_one = *this, filter = selection.filter] { return this_one.Remove(filter); };
  return response;
}

/// Waits for the journal when there is more to remove than one batch takes.
Response ResourceHandler::Remove(const core::BindingFilter& filter) const {
  const core::Removal removal = location_.Remove(filter, clock_.Now(), commits_);
  if (!removal.complete) {
    return Response::Text(503, "the journal fails: some, or all, of them are still there");
  }
  Response response;
  response.after_batch = removal.batch;
  return response;
}

}  // namespace

void AddSipxcomRoutes(Router& router, core::LocationService& location, core::Commits& commits,
                      const core::Clock& clock, const core::Limits& limits) {
  const auto add = [&](Resource resource, const std::string& path) {
    const ResourceHandler handler(resource, location, commits, clock, limits);
    router.Add(Router::Access::kAuthorized, "GET", path,
               [handler](const Request& r, Values v) { return handler.Get(r, v); });
    if (resource == Resource::kAll) return;  // nobody empties the whole table by one request
    router.Add(Router::Access::kAuthorized, "DELETE", path,
               [handler](const Request& r, Values v) { return handler.Delete(r, v); });
  };
  for (const std::string mount : {"/registrations", "/sipxconfig/api/registrations"}) {
    for (const char* extension : {"", ".json", ".xml"}) add(Resource::kAll, mount + extension);
    add(Resource::kUser, mount + "/user/{}");
    add(Resource::kSerialNo, mount + "/serialNo/{}");
    add(Resource::kIp, mount + "/ip/{}");
    add(Resource::kCallId, mount + "/callId/{}");
    add(Resource::kCallId, mount + "/callid/{}");  // as sipXcom's code spells it
    add(Resource::kServer, mount + "/server/{}");
  }
}

}  // namespace muster::http
