#pragma once

// One page of /v1/bindings, written in pieces, so that it takes the memory of some rows and a
// chunk; a sorted one also that of its places in the order. Confined to one
// thread at a time.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "binding_query.h"
#include "muster/core/clock.h"
#include "muster/core/location_service.h"
#include "muster/http/json_writer.h"

namespace muster::http::v1 {

class BindingListing {
 public:
  /// What a listing reads from; all of it must outlive the listing.
  struct Reader {
    const core::LocationService& location;
    const core::Clock& clock;
    std::size_t chunk_bytes;
  };

  BindingListing(Reader reader, BindingQuery query);

  BindingListing(const BindingListing&) = delete;
  BindingListing& operator=(const BindingListing&) = delete;

  /// A ChunkProducer.
  bool Next(std::string& chunk);

 private:
  void Begin();
  void WriteSome();
  // Each fills the page; false when the list is over.
  bool ReadInRowOrder(absl::Time now);
  bool ReadSorted(absl::Time now);
  void Finish(absl::Time now, bool has_more);
  std::size_t Total(absl::Time now, bool has_more) const;
  bool HasRowBehind(absl::Time now);
  const core::Server& ServerOf(core::ServerId id);

  const Reader reader_;
  BindingQuery query_;
  bool is_begun_ = false;
  std::size_t left_;                       // rows that may still be written
  core::RowPosition position_;             // in row order
  std::vector<core::RowPosition> sorted_;  // the page's
  std::size_t sorted_read_ = 0;            // of them
  bool has_more_sorted_ = false;           // there may be others behind them
  bool is_written_ = false;                // to its last byte
  std::string written_;                    // and not handed out yet
  JsonWriter json_;
  core::BindingPage page_;
  std::optional<core::ServerId> server_id_;  // of `server_`
  core::Server server_;
};

}  // namespace muster::http::v1
