#pragma once

// Just as much of a SIP answer as the load generator compares. Deliberately not muster's parser:
// what measures it must not share its mistakes.

#include <array>
#include <cstddef>
#include <string_view>

namespace muster::bench {

/// Views on the answer's bytes.
struct Answer {
  static constexpr std::size_t kMaxContactFields = 16;

  int status_code = 0;
  std::string_view branch;  // of the topmost Via
  std::string_view call_id;
  std::string_view cseq;  // "4711 REGISTER"
  std::array<std::string_view, kMaxContactFields> contacts;
  std::size_t contact_fields = 0;
};

/// False when `bytes` are no SIP answer. Fields that are not there stay empty.
bool ReadAnswer(std::string_view bytes, Answer& answer);

/// Whether one of the Contact fields has <uri> in it.
bool ListsContact(const Answer& answer, std::string_view uri);

}  // namespace muster::bench
