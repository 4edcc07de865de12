// Any bytes as a line of an import; what is taken must survive being written and read again.

#include <cstdint>
#include <string>

#include "check.h"
#include "http/v1/binding_item.h"
#include "http/v1/binding_line.h"
#include "muster/core/limits.h"

namespace {

using namespace muster;

const absl::Time kNow = absl::FromUnixSeconds(1'732'104'000);

std::string ItemOf(const http::v1::BindingLine& line) {
  std::string text;
  http::JsonWriter json(text);
  http::v1::WriteBindingItem(line.ToBinding(), line.server, kNow, json);
  return text;
}

void CheckBinding(const core::Binding& binding) {
  FUZZ_CHECK(!binding.aor.empty() && !binding.call_id.empty() && !binding.contact_uri.empty());
  FUZZ_CHECK(fuzz::IsInside(binding.contact_uri, binding.contact));
  const std::string_view behind(binding.contact_uri.data() + binding.contact_uri.size(), 1);
  FUZZ_CHECK(fuzz::IsInside(behind, binding.contact) && behind == ">");
  FUZZ_CHECK(binding.contact.find_first_of("\r\n") == std::string_view::npos);
  FUZZ_CHECK(binding.path.find_first_of("\r\n") == std::string_view::npos);
  FUZZ_CHECK(binding.contact.size() + binding.path.size() <= core::Limits::kMaxBindingBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static http::v1::BindingLineReader reader;
  http::v1::BindingLine line;
  if (!reader.Read(text, kNow, line).empty()) return 0;
  CheckBinding(line.ToBinding());
  const std::string item = ItemOf(line);
  FUZZ_CHECK(reader.Read(item, kNow, line).empty());
  FUZZ_CHECK(ItemOf(line) == item);
  return 0;
}
