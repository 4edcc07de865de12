#include "binding_listing.h"

#include <algorithm>

#include "binding_item.h"
#include "chunk.h"

namespace muster::http::v1 {
namespace {

constexpr std::size_t kRowsAtOnce = 64;

}  // namespace

BindingListing::BindingListing(Reader reader, const PageQuery& query)
    : reader_(reader),
      has_total_(query.has_total),
      left_(query.limit),
      position_(query.after),
      json_(written_) {
  json_.BeginObject();
  json_.Key("items");
  json_.BeginArray();
}

bool BindingListing::Next(std::string& chunk) {
  while (!is_written_ && written_.size() < reader_.chunk_bytes) WriteSome();
  TakeChunk(written_, reader_.chunk_bytes, chunk);
  return !is_written_ || !written_.empty();
}

void BindingListing::WriteSome() {
  const absl::Time now = reader_.clock.Now();
  const bool has_more = reader_.location.Read(core::BindingFilter::All(), now,
                                              std::min(left_, kRowsAtOnce), position_, page_);
  for (const core::Binding& binding : page_) {
    WriteBindingItem(binding, ServerOf(binding.server), now, json_);
  }
  left_ -= page_.size();
  if (!has_more || left_ == 0) Finish(has_more);
}

void BindingListing::Finish(bool has_more) {
  json_.EndArray();
  if (has_total_) {
    json_.Key("total");
    json_.Number(static_cast<std::int64_t>(
        reader_.location.Count(core::BindingFilter::All(), reader_.clock.Now())));
  }
  json_.Key("next");
  if (has_more) {
    json_.String(CursorText(position_));
  } else {
    json_.Null();
  }
  json_.EndObject();
  is_written_ = true;
}

const core::Server& BindingListing::ServerOf(core::ServerId id) {
  if (server_id_ != id) {
    server_ = reader_.location.servers().Get(id);
    server_id_ = id;
  }
  return server_;
}

}  // namespace muster::http::v1
