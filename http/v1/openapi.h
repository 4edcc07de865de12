#pragma once

// The document of /v1 for programs: OpenAPI 3.1 as JSON, made of the tables that the readers of
// parameters use.

#include <string>

namespace muster::http::v1 {

std::string OpenApiText();

}  // namespace muster::http::v1
