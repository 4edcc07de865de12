#pragma once

// Every limit of muster but the parser's own (muster/parser/limits.h: message, headers, URIs), in
// one place, each with its unit and what happens beyond it. A test reaches each.

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace muster::core {

struct Limits {
  // The table.
  /// Bindings in all. Beyond it a REGISTER that would add one gets 503 with Retry-After.
  std::size_t max_bindings = 20'000'000;
  /// Tombstones in all; the oldest give way.
  std::size_t max_tombstones = 65'536;
  /// Bindings in one shard; beyond it as above. An index numbers sets of them in 23 bits, and an
  /// IPv6 binding may be in three times as many sets as there are bindings.
  std::size_t max_bindings_of_shard = std::size_t{1} << 21;
  /// Bytes of an AoR's canonical text. Beyond it 400.
  static constexpr std::size_t kMaxAorBytes = 512;
  /// Bytes of the strings of one binding (Contact, Call-ID, Path, ...). Beyond it 400.
  static constexpr std::size_t kMaxBindingBytes = 4'096;
  /// Bytes of changes, and of what takes them back, that are written down and in no batch yet.
  /// Beyond it a REGISTER that would change something gets 503 with Retry-After. The batch that is
  /// being stored may be as much again, and its records are in memory twice.
  std::size_t max_uncommitted_bytes = std::size_t{64} << 20;
  /// Rows that a reader or the sweep touches while it holds a shard's lock; then it lets go.
  std::size_t rows_per_slice = 256;

  /// Conditions of one query, and values of all of them together. Beyond them 400.
  static constexpr std::size_t kMaxFilterConditions = 32;
  static constexpr std::size_t kMaxFilterValues = 1'000;
  /// Different values that rows are grouped by. Beyond it 400.
  std::size_t max_groups = 20'000;

  // The journal.
  /// Bytes of records behind the newest snapshot from which on the next one is written, or half of
  /// that snapshot, whichever is more: with what comes meanwhile the disk holds three snapshots.
  std::uint64_t min_journal_tail_bytes = std::uint64_t{16} << 20;
  /// Bytes of records that a snapshot adds to one batch.
  std::size_t journal_chunk_bytes = std::size_t{256} << 10;
  /// Under load a batch waits so long for more changes.
  absl::Duration commit_gather_time = absl::Milliseconds(6);
  /// While the journal fails it is tried again this often.
  absl::Duration journal_retry_interval = absl::Milliseconds(500);

  // SIP transports.
  /// Batches of datagrams of one UDP worker whose answers wait for the journal; beyond them it
  /// receives no more until one has gone.
  static constexpr std::size_t kUdpWaitingBatches = 32;
  /// Messages that a UDP worker takes from the socket at once.
  static constexpr std::size_t kUdpBatch = 64;
  /// Bytes of datagrams that the kernel keeps for one worker's socket; beyond them it drops, and
  /// phones send again. Asked for; net.core.rmem_max may grant less.
  std::size_t udp_receive_buffer_bytes = std::size_t{8} << 20;
  /// Bytes of one answer: the most that a UDP datagram over IPv4 carries. A REGISTER whose answer
  /// would be longer is refused (403, or 513 when nothing would change).
  static constexpr std::size_t kMaxAnswerBytes = 65'507;
  /// Bytes of remembered answers (RFC 3261 17.2.2); the oldest give way.
  std::size_t retransmission_memory_bytes = std::size_t{256} << 20;
  /// How long a remembered answer serves (Timer J: 64*T1).
  absl::Duration retransmission_lifetime = absl::Seconds(32);
  /// SIP stream connections; further ones are closed at once. musterd lowers it, and says so, where
  /// fewer files may be open.
  std::size_t max_stream_connections = 16'384;
  /// A stream that has sent nothing for so long is closed.
  absl::Duration stream_idle_timeout = absl::Minutes(15);
  /// A message begun on a stream must be whole within this.
  absl::Duration stream_message_timeout = absl::Seconds(30);
  /// A stream that its peer has closed is watched so long for a reset, which would mean that the
  /// last answers never arrived and go elsewhere (RFC 3261 18.2.2).
  absl::Duration stream_reset_watch = absl::Milliseconds(200);
  /// Such answers must be on their way, over a connection of their own, within this.
  absl::Duration stream_elsewhere_timeout = absl::Seconds(5);
  /// Bytes of answers waiting on a stream whose peer does not read; beyond them it is not read from
  /// until it has taken them.
  std::size_t max_stream_send_queue_bytes = std::size_t{256} << 10;

  // HTTP.
  /// Connections; further ones get 503 and are closed.
  std::size_t max_http_connections = 1'024;
  /// Connections that are being told 503; further ones are closed without a word.
  static constexpr std::size_t kMaxHttpRefusals = 64;
  /// Bytes of a request's line and header fields. Beyond it 431.
  std::size_t max_http_header_bytes = 16'384;
  /// Bytes of a request's body. Beyond it 413.
  std::size_t max_http_body_bytes = 65'536;
  /// A request begun must be whole, and a write must make progress, within this.
  absl::Duration http_request_timeout = absl::Seconds(15);
  /// A connection without a request is closed after this.
  absl::Duration http_idle_timeout = absl::Seconds(60);
  /// A connection that we end stays half open so long, for the peer to read our last answer.
  absl::Duration http_linger = absl::Seconds(2);
  /// At a stop, answers under way may take so long.
  absl::Duration http_stop_grace = absl::Seconds(1);
  /// Answers that may take long, waiting for one of the threads that make them, or being made.
  /// Beyond them 503 with Retry-After. The next chunk of one that has begun waits with the others,
  /// whatever their number.
  std::size_t max_http_long_answers = 256;
  /// Bytes of an answer's body in memory at once; longer ones are streamed.
  std::size_t http_chunk_bytes = 65'536;
};

}  // namespace muster::core
