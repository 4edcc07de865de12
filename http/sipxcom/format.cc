#include "format.h"

#include <array>

#include "accept.h"

namespace muster::http::sipxcom {
namespace {

std::optional<Format> ByName(std::string_view name) {
  if (name == "json" || name == "application/json") return Format::kJson;
  if (name == "text/xml") return Format::kTextXml;
  if (name == "xml" || name == "application/xml") return Format::kApplicationXml;
  return std::nullopt;
}

std::optional<Format> ByAccept(std::string_view accept) {
  struct Candidate {
    Format format;
    std::string_view type;
    std::string_view subtype;
  };
  constexpr std::array<Candidate, 3> kByPreference = {{
      {Format::kJson, "application", "json"},
      {Format::kTextXml, "text", "xml"},
      {Format::kApplicationXml, "application", "xml"},
  }};
  std::optional<Format> best;
  int best_quality = 0;
  for (const Candidate& candidate : kByPreference) {
    const int quality = AcceptQuality(accept, candidate.type, candidate.subtype);
    if (quality <= best_quality) continue;
    best = candidate.format;
    best_quality = quality;
  }
  return best;
}

}  // namespace

std::string_view ContentType(Format format) {
  switch (format) {
    case Format::kJson:
      return "application/json";
    case Format::kTextXml:
      return "text/xml; charset=utf-8";
    case Format::kApplicationXml:
      return "application/xml; charset=utf-8";
  }
  return "";
}

std::optional<Format> ChooseFormat(const Request& request) {
  const std::vector<std::string_view> types = request.QueryValues("_type");
  if (!types.empty()) return ByName(types.front());
  const std::string_view extension = PathExtension(request);
  if (!extension.empty()) return ByName(extension.substr(1));
  return ByAccept(request.accept);
}

std::string_view PathExtension(const Request& request) {
  for (const std::string_view extension : {".json", ".xml"}) {
    if (std::string_view(request.path).ends_with(extension)) return extension;
  }
  return "";
}

}  // namespace muster::http::sipxcom
