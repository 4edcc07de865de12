#pragma once

// SQLite's connections and statements as objects. Confined to one thread at a time.

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace muster::journal {

class Connection;

/// Of a database and its WAL; a file that cannot be looked at counts for nothing.
std::uint64_t BytesOnDisk(const std::filesystem::path& file);

/// A prepared statement. Use: Bind each parameter, Step to the end or Reset.
class Statement {
 public:
  Statement() = default;

  Statement& Bind(int index, std::int64_t value);
  /// `bytes` must live until the statement is reset.
  Statement& Bind(int index, std::string_view bytes);
  /// True when there is a row. Resets the statement when there is none, or an error.
  absl::StatusOr<bool> Step();
  /// Steps to the end.
  absl::Status Run();
  void Reset() { sqlite3_reset(statement_.get()); }

  std::int64_t Integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  /// Lives until the next step or reset.
  std::string_view Blob(int column) const;

 private:
  friend class Connection;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  Connection* connection_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  absl::Status Open(const std::string& file, int flags, const std::string& vfs);
  /// A connection that never writes to the database, when it is closed neither.
  absl::Status OpenToRead(const std::string& file, const std::string& vfs);
  absl::Status Prepare(std::string_view sql, Statement& statement);
  absl::Status Execute(const std::string& sql);
  /// The only value of the only row.
  absl::StatusOr<std::int64_t> Value(std::string_view sql);

  /// What an SQLite result code means: DataLoss for damage, else Unavailable; with the file's name
  /// and SQLite's words.
  absl::Status Error(int code) const;
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  sqlite3* handle() const { return handle_.get(); }
  const std::string& file() const { return file_; }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };

  std::string file_;
  std::unique_ptr<sqlite3, Closer> handle_;
};

}  // namespace muster::journal
