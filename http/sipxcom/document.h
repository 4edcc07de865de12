#pragma once

// The document of the sipXcom API, {"registrations":[...]} or <Registrations>, written row by row
// to the end of a string. Thread-compatible.

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "format.h"
#include "muster/core/binding.h"
#include "muster/http/json_writer.h"
#include "muster/http/xml_writer.h"

namespace muster::http::sipxcom {

class Document {
 public:
  /// `out` must outlive the document, and may be emptied between calls.
  Document(Format format, std::string& out);

  void Begin();
  /// `primary` is the address of the server that took the REGISTER; an empty one is a missing one.
  void Add(const core::Binding& binding, std::string_view primary, absl::Time now);
  void End();

 private:
  void AddJson(const core::Binding& binding, std::string_view primary, absl::Time now);
  void AddXml(const core::Binding& binding, std::string_view primary, absl::Time now);

  Format format_;
  JsonWriter json_;
  XmlWriter xml_;
};

}  // namespace muster::http::sipxcom
