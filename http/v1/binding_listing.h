#pragma once

// One page of /v1/bindings in row order, written in pieces, so that it takes the memory of some
// rows and a chunk. Confined to one thread.

#include <cstddef>
#include <optional>
#include <string>

#include "muster/core/clock.h"
#include "muster/core/location_service.h"
#include "muster/http/json_writer.h"
#include "page_query.h"

namespace muster::http::v1 {

class BindingListing {
 public:
  /// What a listing reads from; all of it must outlive the listing.
  struct Reader {
    const core::LocationService& location;
    const core::Clock& clock;
    std::size_t chunk_bytes;
  };

  BindingListing(Reader reader, const PageQuery& query);

  BindingListing(const BindingListing&) = delete;
  BindingListing& operator=(const BindingListing&) = delete;

  /// A ChunkProducer.
  bool Next(std::string& chunk);

 private:
  void WriteSome();
  void Finish(bool has_more);
  const core::Server& ServerOf(core::ServerId id);

  const Reader reader_;
  const bool has_total_;
  std::size_t left_;  // rows that may still be written
  core::RowPosition position_;
  bool is_written_ = false;  // to its last byte
  std::string written_;      // and not handed out yet
  JsonWriter json_;
  core::BindingPage page_;
  std::optional<core::ServerId> server_id_;  // of `server_`
  core::Server server_;
};

}  // namespace muster::http::v1
