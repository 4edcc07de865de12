#pragma once

// A document of the sipXcom API in pieces: reads a page of rows, writes it, hands it out, and so
// on, so that a listing of any length takes the memory of a page and a chunk. With paging also that
// of a ranking: kRowsPerRanking positions in the order by expiry, read page by page, then followed
// by the next ones. Each chunk ranks at most once, which looks at all rows that match; so `start`
// takes one more chunk, an empty one, for every kRowsPerRanking rows, and no more than the table
// has. A row that is refreshed between two rankings moves in the order: the listing may miss it, or
// have it twice. Confined to one thread at a time.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "document.h"
#include "filter.h"
#include "muster/core/clock.h"
#include "muster/core/location_service.h"
#include "paging.h"

namespace muster::http::sipxcom {

class Listing {
 public:
  static constexpr std::size_t kRowsPerRanking = 16'384;

  /// What a listing reads from; all of it must outlive the listing.
  struct Reader {
    const core::LocationService& location;
    const core::Clock& clock;
    std::size_t chunk_bytes;
  };

  /// With paging latest expiry first, ties in row order; else in row order.
  Listing(Reader reader, Format format, Selection selection, std::optional<Paging> paging);

  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  /// A ChunkProducer.
  bool Next(std::string& chunk);

 private:
  void WriteSome();
  bool ReadPage(absl::Time now);
  bool ReadRankedPage(absl::Time now);
  /// Whether the rows go on behind those that are ranked, and these are read.
  bool MustRank() const { return has_more_rankings_ && ranked_read_ == ranked_.size(); }
  void Rank();
  const std::string& PrimaryOf(core::ServerId server);

  Reader reader_;
  Selection selection_;
  bool is_written_ = false;  // to its last byte
  std::string written_;      // and not handed out yet
  Document document_;
  core::BindingPage page_;
  core::RowPosition position_;                    // in row order
  std::optional<Paging> left_;                    // rows to leave out, then to rank (0 = all)
  bool has_more_rankings_ = false;                // only with paging
  std::optional<core::SortPlace> rank_;           // of the last one in `ranked_`
  std::vector<core::RowPosition> ranked_;         // at most kRowsPerRanking
  std::size_t ranked_read_ = 0;                   // of them
  std::optional<core::ServerId> primary_server_;  // whose address is `primary_`
  std::string primary_;
};

}  // namespace muster::http::sipxcom
