#include "binding_listing.h"

#include <algorithm>
#include <span>
#include <utility>

#include "binding_item.h"
#include "chunk.h"
#include "cursor.h"

namespace muster::http::v1 {
namespace {

constexpr std::size_t kRowsAtOnce = 64;
constexpr std::size_t kUsualBytes = 1'000;  // of an item and what is around it

}  // namespace

BindingListing::BindingListing(Reader reader, BindingQuery query)
    : reader_(reader), query_(std::move(query)), left_(query_.limit), json_(written_) {
  written_.reserve(kUsualBytes);
  json_.BeginObject();
  json_.Key("items");
  json_.BeginArray();
}

bool BindingListing::Next(std::string& chunk) {
  if (!is_begun_) Begin();
  while (!is_written_ && written_.size() < reader_.chunk_bytes) WriteSome();
  TakeChunk(written_, reader_.chunk_bytes, chunk);
  return !is_written_ || !written_.empty();
}

/// Goes to where the page begins.
void BindingListing::Begin() {
  const absl::Time now = reader_.clock.Now();
  is_begun_ = true;
  if (query_.sort) {
    sorted_ = reader_.location.Sort(query_.filter, now, *query_.sort, query_.offset + query_.limit,
                                    query_.sort_after);
    has_more_sorted_ = sorted_.size() == query_.offset + query_.limit;
    const std::size_t skipped = std::min(query_.offset, sorted_.size());
    sorted_.erase(sorted_.begin(), sorted_.begin() + static_cast<std::ptrdiff_t>(skipped));
    sorted_.shrink_to_fit();
  } else if (query_.offset != 0) {
    position_ = reader_.location.Skip(query_.filter, now, query_.offset);
  } else {
    position_ = query_.after;
  }
}

void BindingListing::WriteSome() {
  const absl::Time now = reader_.clock.Now();
  const bool has_more = query_.sort ? ReadSorted(now) : ReadInRowOrder(now);
  for (const core::Binding& binding : page_) {
    WriteBindingItem(binding, ServerOf(binding.server), now, json_);
  }
  left_ -= page_.size();
  if (!has_more || left_ == 0) Finish(now, has_more);
}

bool BindingListing::ReadInRowOrder(absl::Time now) {
  return reader_.location.Read(query_.filter, now, std::min(left_, kRowsAtOnce), position_, page_);
}

bool BindingListing::ReadSorted(absl::Time now) {
  const auto rest = std::span<const core::RowPosition>(sorted_).subspan(sorted_read_);
  const auto next = rest.first(std::min(kRowsAtOnce, rest.size()));
  reader_.location.ReadAt(next, query_.filter, now, page_);
  sorted_read_ += next.size();
  return sorted_read_ < sorted_.size();
}

void BindingListing::Finish(absl::Time now, bool has_more) {
  json_.EndArray();
  if (query_.has_total) {
    json_.Key("total");
    json_.Number(static_cast<std::int64_t>(Total(now, has_more)));
  }
  json_.Key("next");
  if (has_more_sorted_) {
    json_.String(CursorText(*query_.sort_after));
  } else if (!query_.sort && has_more && HasRowBehind(now)) {
    json_.String(CursorText(position_));
  } else {
    json_.Null();
  }
  json_.EndObject();
  is_written_ = true;
}

/// Where the page is the whole list it has been counted.
std::size_t BindingListing::Total(absl::Time now, bool has_more) const {
  const bool is_whole =
      !has_more && !query_.sort && query_.offset == 0 && query_.after == core::RowPosition();
  return is_whole ? query_.limit - left_ : reader_.location.Count(query_.filter, now);
}

bool BindingListing::HasRowBehind(absl::Time now) {
  core::RowPosition position = position_;
  reader_.location.Read(query_.filter, now, 1, position, page_);
  return page_.size() != 0;
}

const core::Server& BindingListing::ServerOf(core::ServerId id) {
  if (server_id_ != id) {
    server_ = reader_.location.servers().Get(id);
    server_id_ = id;
  }
  return server_;
}

}  // namespace muster::http::v1
