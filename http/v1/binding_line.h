#pragma once

// One line of an import: an item of /v1/bindings (see muster/http/v1.h) as a binding, checked. No
// table is asked.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/aor.h"
#include "muster/core/binding.h"

namespace muster::http::v1 {

/// A binding that owns its strings.
struct BindingLine {
  core::Aor aor;
  std::string to_uri;
  std::string contact;        // display name, <URI>, parameters
  std::size_t uri_begin = 0;  // in `contact`
  std::size_t uri_size = 0;   // in bytes
  std::string q_text;
  std::string call_id;
  std::string instance;
  std::string instrument;
  std::string path;
  std::string user_agent;
  core::Server server;  // empty when the line says nothing of it
  core::Binding fixed;  // what has no bytes outside: cseq, reg_id, source, times

  /// Views live as long as the line. The ServerId is the caller's to set.
  core::Binding ToBinding() const;
};

/// Thread-compatible; reuse one for many lines.
class BindingLineReader {
 public:
  BindingLineReader();
  ~BindingLineReader();

  /// Fills `binding` from `line`. Returns what is wrong, with the member's name, or "". Members
  /// that others tell (user, domain, mac, received, expires_in) are passed over. Without updated_at
  /// it is `now`, without registered_at the epoch.
  std::string Read(std::string_view line, absl::Time now, BindingLine& binding);

 private:
  /// The JSON library's parser. Its size depends on how it was configured, which is nobody else's
  /// business.
  struct Parser;

  std::unique_ptr<Parser> parser_;
};

}  // namespace muster::http::v1
