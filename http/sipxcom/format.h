#pragma once

// JSON or XML: what a request of the sipXcom API asks to be answered with.

#include <optional>
#include <string_view>

#include "muster/http/message.h"

namespace muster::http::sipxcom {

enum class Format { kJson, kTextXml, kApplicationXml };

std::string_view ContentType(Format format);

/// From the query parameter _type, else the path's extension, else Accept; JSON wins a tie. nullopt
/// when nothing that we have is acceptable.
std::optional<Format> ChooseFormat(const Request& request);

/// ".json" or ".xml" when the path as sent ends so ("%2Ejson" is no extension), else empty.
std::string_view PathExtension(const Request& request);

}  // namespace muster::http::sipxcom
