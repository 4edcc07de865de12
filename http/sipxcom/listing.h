#pragma once

// A document of the sipXcom API in pieces: reads a page of rows, writes it, hands it out, and so
// on, so that a listing of any length takes the memory of a page and a chunk. Confined to one
// thread.

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
  /// What a listing reads from; all of it must outlive the listing.
  struct Reader {
    const core::LocationService& location;
    const core::Clock& clock;
    std::size_t chunk_bytes;
  };

  /// With paging newest expiry first, else in row order.
  Listing(Reader reader, Format format, Selection selection, std::optional<Paging> paging);

  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  /// A ChunkProducer.
  bool Next(std::string& chunk);

 private:
  void WriteSome();
  bool ReadPage(absl::Time now);
  bool ReadSortedPage(absl::Time now);
  const std::string& PrimaryOf(core::ServerId server);

  Reader reader_;
  Selection selection_;
  bool is_sorted_;
  bool is_written_ = false;  // to its last byte
  std::string written_;      // and not handed out yet
  Document document_;
  core::BindingPage page_;
  core::RowPosition position_;                    // in row order
  std::vector<core::RowPosition> sorted_;         // with paging: all rows
  std::size_t sorted_read_ = 0;                   // of them
  std::optional<core::ServerId> primary_server_;  // whose address is `primary_`
  std::string primary_;
};

}  // namespace muster::http::sipxcom
