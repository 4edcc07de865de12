#include "listing.h"

#include <algorithm>
#include <span>

namespace muster::http::sipxcom {
namespace {

constexpr std::size_t kRowsPerPage = 64;

}  // namespace

Listing::Listing(Reader reader, Format format, Selection selection, std::optional<Paging> paging)
    : reader_(reader),
      selection_(std::move(selection)),
      is_sorted_(paging.has_value()),
      document_(format, written_) {
  document_.Begin();
  if (selection_.kind != Selection::Kind::kFilter) {
    document_.End();
    is_written_ = true;
  } else if (paging) {
    sorted_ = reader_.location.LatestExpiryFirst(selection_.filter, reader_.clock.Now(),
                                                 paging->start, paging->limit);
  }
}

bool Listing::Next(std::string& chunk) {
  while (!is_written_ && written_.size() < reader_.chunk_bytes) WriteSome();
  chunk.clear();
  chunk.swap(written_);
  if (chunk.size() > reader_.chunk_bytes) {
    written_.assign(chunk, reader_.chunk_bytes);
    chunk.resize(reader_.chunk_bytes);
  }
  return !is_written_ || !written_.empty();
}

void Listing::WriteSome() {
  const absl::Time now = reader_.clock.Now();
  const bool has_more = is_sorted_ ? ReadSortedPage(now) : ReadPage(now);
  for (const core::Binding& binding : page_) {
    document_.Add(binding, PrimaryOf(binding.server), now);
  }
  if (has_more) return;
  document_.End();
  is_written_ = true;
}

bool Listing::ReadPage(absl::Time now) {
  return reader_.location.Read(selection_.filter, now, kRowsPerPage, position_, page_);
}

bool Listing::ReadSortedPage(absl::Time now) {
  const auto rest = std::span<const core::RowPosition>(sorted_).subspan(sorted_read_);
  const auto next = rest.first(std::min(kRowsPerPage, rest.size()));
  reader_.location.ReadAt(next, selection_.filter, now, page_);
  sorted_read_ += next.size();
  return sorted_read_ < sorted_.size();
}

const std::string& Listing::PrimaryOf(core::ServerId server) {
  if (primary_server_ != server) {
    primary_ = reader_.location.servers().Get(server).address;
    primary_server_ = server;
  }
  return primary_;
}

}  // namespace muster::http::sipxcom
