#include "listing.h"

#include <algorithm>
#include <span>

#include "chunk.h"

namespace muster::http::sipxcom {
namespace {

constexpr std::size_t kRowsPerPage = 64;
constexpr core::SortOrder kLatestExpiryFirst{core::BindingField::kExpiresIn, true};

}  // namespace

Listing::Listing(Reader reader, Format format, Selection selection, std::optional<Paging> paging)
    : reader_(reader),
      selection_(std::move(selection)),
      document_(format, written_),
      left_(paging),
      has_more_rankings_(paging.has_value()) {
  document_.Begin();
  const auto is_beyond_all = [&] {
    return paging &&
           paging->start >= reader_.location.Count(selection_.filter, reader_.clock.Now());
  };
  if (selection_.kind == Selection::Kind::kFilter && !is_beyond_all()) return;
  document_.End();
  is_written_ = true;
}

bool Listing::Next(std::string& chunk) {
  if (!is_written_ && MustRank()) Rank();
  while (!is_written_ && !MustRank() && written_.size() < reader_.chunk_bytes) WriteSome();
  TakeChunk(written_, reader_.chunk_bytes, chunk);
  return !is_written_ || !written_.empty();
}

void Listing::WriteSome() {
  const absl::Time now = reader_.clock.Now();
  const bool has_more = left_ ? ReadRankedPage(now) : ReadPage(now);
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

bool Listing::ReadRankedPage(absl::Time now) {
  const auto rest = std::span<const core::RowPosition>(ranked_).subspan(ranked_read_);
  const auto next = rest.first(std::min(kRowsPerPage, rest.size()));
  reader_.location.ReadAt(next, selection_.filter, now, page_);
  ranked_read_ += next.size();
  return ranked_read_ < ranked_.size() || has_more_rankings_;
}

void Listing::Rank() {
  const bool is_limited = left_->limit > 0;
  const std::uint64_t wanted = is_limited ? left_->limit : kRowsPerRanking;
  // No overflow: the API takes 63 bits of each.
  const std::uint64_t most = std::min<std::uint64_t>(left_->start + wanted, kRowsPerRanking);
  ranked_ = reader_.location.Sort(selection_.filter, reader_.clock.Now(), kLatestExpiryFirst, most,
                                  rank_);
  ranked_read_ = std::min<std::uint64_t>(left_->start, ranked_.size());
  left_->start -= ranked_read_;
  const std::size_t taken = ranked_.size() - ranked_read_;
  has_more_rankings_ = ranked_.size() == most && (!is_limited || taken < left_->limit);
  if (is_limited) left_->limit -= taken;
}

const std::string& Listing::PrimaryOf(core::ServerId server) {
  if (primary_server_ != server) {
    primary_ = reader_.location.servers().Get(server).address;
    primary_server_ = server;
  }
  return primary_;
}

}  // namespace muster::http::sipxcom
