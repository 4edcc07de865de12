#include "sqlite.h"

#include <system_error>

#include "absl/strings/str_cat.h"

namespace muster::journal {
namespace {

/// Another process may look into the database for a moment.
constexpr int kBusyMilliseconds = 2'000;

std::uint64_t SizeOf(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

}  // namespace

std::uint64_t BytesOnDisk(const std::filesystem::path& file) {
  return SizeOf(file) + SizeOf(file.string() + "-wal");
}

Statement& Statement::Bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

Statement& Statement::Bind(int index, std::string_view bytes) {
  // A null pointer would be NULL, not an empty blob.
  const char* const data = bytes.empty() ? "" : bytes.data();
  sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  const absl::Status status = code == SQLITE_DONE ? absl::OkStatus() : connection_->Error(code);
  Reset();
  if (!status.ok()) return status;
  return false;
}

absl::Status Statement::Run() {
  for (;;) {
    const auto row = Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

std::string_view Statement::Blob(int column) const {
  const void* const data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

absl::Status Connection::Open(const std::string& file, int flags, const std::string& vfs) {
  file_ = file;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX,
                                   vfs.empty() ? nullptr : vfs.c_str());
  handle_.reset(handle);
  if (code != SQLITE_OK) return Error(code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  return absl::OkStatus();
}

absl::Status Connection::OpenToRead(const std::string& file, const std::string& vfs) {
  if (absl::Status status = Open(file, SQLITE_OPEN_READWRITE, vfs); !status.ok()) return status;
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return Execute("PRAGMA query_only=1");
}

absl::Status Connection::Prepare(std::string_view sql, Statement& statement) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement.statement_.reset(prepared);
  statement.connection_ = this;
  // All SQL is ours: when it makes no sense, the tables are not those that we have made.
  if (code == SQLITE_ERROR) return absl::DataLossError(Error(code).message());
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::Status Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<std::int64_t> Connection::Value(std::string_view sql) {
  Statement statement;
  if (absl::Status status = Prepare(sql, statement); !status.ok()) return status;
  const auto row = statement.Step();
  if (!row.ok()) return row.status();
  return *row ? statement.Integer(0) : 0;
}

absl::Status Connection::Error(int code) const {
  const std::string text =
      absl::StrCat(file_, ": ", handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code));
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(text);
    default:
      return absl::UnavailableError(text);
  }
}

}  // namespace muster::journal
