#pragma once

// The documents of /v1/bindings as the command line uses them. Each reader gives nullopt when the
// document is none of its kind.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::daemon::cli {

struct BindingsPage {
  std::vector<std::string> items;  // byte for byte
  std::optional<std::uint64_t> total;
  std::string next;  // cursor; empty at the end
};
std::optional<BindingsPage> ReadBindingsPage(std::string_view document);

/// The members of an item in its order, by name: texts unescaped, numbers as they stand.
class BindingItem {
 public:
  using Member = std::pair<std::string, std::string>;

  explicit BindingItem(std::vector<Member> members) : members_(std::move(members)) {}

  const std::vector<Member>& members() const { return members_; }
  /// "" when it is absent.
  std::string_view Get(std::string_view name) const;
  /// Of a number; 0 when it is absent.
  std::uint64_t GetNumber(std::string_view name) const;

 private:
  std::vector<Member> members_;
};
std::optional<std::vector<BindingItem>> ReadBindingItems(const std::vector<std::string>& items);

struct ImportReply {
  struct BadLine {
    std::uint64_t line = 0;  // of the piece that was sent, counted from 1
    std::string message;
  };
  std::uint64_t imported = 0;
  std::uint64_t skipped = 0;
  std::vector<BadLine> errors;
};
std::optional<ImportReply> ReadImportReply(std::string_view document);

}  // namespace muster::daemon::cli
