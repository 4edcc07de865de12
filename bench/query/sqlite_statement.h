#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace muster::bench {

/// Ends the program: here an error of SQLite's is one of ours.
[[noreturn]] inline void FailSqlite(sqlite3* database) {
  std::fprintf(stderr, "query_bench: SQLite: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

/// A prepared statement. Confined to one thread at a time.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* database, const std::string& sql) : database_(database) {
    if (sqlite3_prepare_v3(database, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_,
                           nullptr) != SQLITE_OK)
      FailSqlite(database);
  }
  Statement(Statement&& other) noexcept
      : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(statement_, other.statement_);
    return *this;
  }
  ~Statement() { sqlite3_finalize(statement_); }

  void Bind(int place, std::int64_t value) { sqlite3_bind_int64(statement_, place, value); }
  /// `text` must live until Reset().
  void Bind(int place, std::string_view text) {
    sqlite3_bind_text(statement_, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void BindNull(int place) { sqlite3_bind_null(statement_, place); }
  /// False when there is no further row.
  bool Step() {
    const int result = sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) FailSqlite(database_);
    return result == SQLITE_ROW;
  }
  void Reset() { sqlite3_reset(statement_); }

  std::int64_t Number(int column) const { return sqlite3_column_int64(statement_, column); }
  /// Lives until the next Step() or Reset().
  std::string_view Text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3* database_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace muster::bench
