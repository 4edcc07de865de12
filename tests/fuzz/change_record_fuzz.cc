// Any bytes as stored records: reading them is harmless, and what was read is written as it stood.
// Played, they make a table whose copy is the same again.

#include <cstdint>
#include <string>

#include "check.h"
#include "muster/core/location_service.h"
#include "muster/core/record_player.h"
#include "table/change_record.h"

namespace {

using namespace muster::core;

/// Longer texts than a row holds are cut when it is made.
bool FitsARow(const ChangeRecord& record) {
  const Binding& binding = record.binding;
  for (const std::string_view text :
       {record.aor, binding.to_uri, binding.contact, binding.contact_uri, binding.q_text,
        binding.call_id, binding.instance, binding.instrument, binding.path}) {
    if (text.size() > Row::kMaxTextBytes) return false;
  }
  return true;
}

/// Writes `record` again. Empty where that is not possible.
std::string Write(const ChangeRecord& record) {
  std::string out;
  ChunkPool pool;
  Blocks blocks(pool);
  switch (record.kind) {
    case ChangeKind::kPut: {
      if (!FitsARow(record)) break;
      const RowPtr row = Row::Make(record.aor, record.binding, blocks);
      row->order = record.order;
      row->registered_ns = absl::ToUnixNanos(record.binding.registered_at);
      WritePut(*row, record.binding.user_agent, out);
      break;
    }
    case ChangeKind::kRefresh: {
      if (record.aor.size() > Row::kMaxTextBytes) break;
      const RowPtr row = Row::Make(record.aor, record.binding, blocks);
      row->order = record.order;
      WriteRefresh(*row, out);
      break;
    }
    case ChangeKind::kRemove:
      WriteRemove(record.aor, record.order, out);
      break;
    case ChangeKind::kBury:
      WriteBury(record.aor, record.call_id, record.cseq, record.until_ns, out);
      break;
    case ChangeKind::kUnbury:
      WriteUnbury(record.aor, record.call_id, out);
      break;
    case ChangeKind::kServer:
      WriteServer(record.server,
                  {record.node_id, std::string(record.node_name), std::string(record.address)},
                  out);
      break;
  }
  return out;
}

void CheckRecords(std::string_view bytes) {
  for (;;) {
    const std::string_view before = bytes;
    ChangeRecord record;
    if (!ReadRecord(bytes, record)) {
      FUZZ_CHECK(bytes.data() == before.data() && bytes.size() == before.size());
      return;
    }
    FUZZ_CHECK(bytes.size() < before.size());
    FUZZ_CHECK(muster::fuzz::IsInside(record.aor, before));
    FUZZ_CHECK(muster::fuzz::IsInside(record.binding.contact_uri, before));
    const std::string written = Write(record);
    if (written.empty()) continue;
    // What was read may say in another way where the URI stands in the Contact; what was written
    // says it in one.
    std::string_view again = written;
    ChangeRecord reread;
    FUZZ_CHECK(ReadRecord(again, reread) && again.empty());
    FUZZ_CHECK(Write(reread) == written);
    if (record.kind != ChangeKind::kPut) {
      FUZZ_CHECK(written == before.substr(0, before.size() - bytes.size()));
    } else {
      FUZZ_CHECK(reread.binding.contact_uri == record.binding.contact_uri);
      FUZZ_CHECK(reread.binding.user_agent == record.binding.user_agent);
      FUZZ_CHECK(reread.binding.path == record.binding.path);
      FUZZ_CHECK(reread.binding.registered_at == record.binding.registered_at);
    }
  }
}

std::string Copy(LocationService& location, absl::Time now) {
  std::string copy;
  RecordPosition position;
  while (location.CopyRecords(now, copy.size() + 1, position, copy)) {
  }
  return copy;
}

void CheckPlay(std::string_view bytes) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  const auto play = [&](std::string_view records, LocationService& location) {
    return RecordPlayer(location).Play(records, now, {});
  };
  LocationService location(Limits(), 1);
  play(bytes, location).IgnoreError();
  // What expired goes, so that both have the same slots.
  location.Sweep(now);
  LocationService second(Limits(), 1);
  FUZZ_CHECK(play(Copy(location, now), second).ok());
  const std::size_t count = location.Count(BindingFilter::All(), now);
  FUZZ_CHECK(second.Count(BindingFilter::All(), now) == count);
  LocationService third(Limits(), 1);
  FUZZ_CHECK(play(Copy(second, now), third).ok());
  FUZZ_CHECK(Copy(third, now) == Copy(second, now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckRecords(bytes);
  CheckPlay(bytes);
  return 0;
}
