#pragma once

// The HTTP/1.1 listener: one thread of its own that accepts, reads, asks the router and writes, and
// others for answers that may take long (Response::work).
// Every read and write has a time-out, every size and count a limit (core::Limits).
//
// Start and Stop are for one thread; the router is called from the server's first one.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/http/router.h"

namespace muster::http {

class HttpServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // an address, with or without brackets, or a name
    std::uint16_t port = 0;          // 0 = any free one
    core::Limits limits;
  };

  /// `router`, `clock` and `commits` must outlive the server, and the router get no more routes
  /// once started.
  HttpServer(Options options, const Router& router, const core::Clock& clock,
             const core::Commits& commits);
  /// Stops.
  ~HttpServer();

  /// Listens and serves. The error names the address.
  absl::Status Start();
  /// Accepts nothing more, lets answers under way finish for Limits::http_stop_grace, and joins the
  /// threads: what is being worked on, at most a chunk for each of them, is finished. Idempotent.
  void Stop();

  /// The port listened on, once started.
  std::uint16_t port() const;
  /// "127.0.0.1:8080" or "[::1]:8080", once started.
  std::string endpoint() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::http
