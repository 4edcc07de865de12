#include "bindings.h"

#include <simdjson.h>

#include <charconv>

namespace muster::daemon::cli {
namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::document;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// The cursor of a page; null is "". False when it is neither.
bool ReadNext(document& page, std::string& next) {
  value member;
  if (page.find_field_unordered("next").get(member)) return false;
  bool is_null = false;
  if (!member.is_null().get(is_null) && is_null) return true;
  std::string_view text;
  if (member.get_string().get(text)) return false;
  next = text;
  return true;
}

/// What is neither text nor number is left out.
bool ReadMember(simdjson::ondemand::field field, std::vector<BindingItem::Member>& members) {
  std::string_view name;
  std::string_view text;
  simdjson::ondemand::json_type type;
  if (field.unescaped_key().get(name) || field.value().type().get(type)) return false;
  std::string key(name);
  if (type == simdjson::ondemand::json_type::string) {
    if (field.value().get_string().get(text)) return false;
    members.emplace_back(std::move(key), text);
  } else if (type == simdjson::ondemand::json_type::number) {
    text = field.value().raw_json_token();
    members.emplace_back(std::move(key), text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
  }
  return true;
}

bool ReadBadLine(object error, ImportReply::BadLine& bad) {
  std::string_view message;
  if (error.find_field_unordered("line").get_uint64().get(bad.line)) return false;
  if (error.find_field_unordered("message").get_string().get(message)) return false;
  bad.message = message;
  return true;
}

}  // namespace

std::optional<BindingsPage> ReadBindingsPage(std::string_view text) {
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  document page;
  array items;
  if (parser.iterate(padded).get(page)) return std::nullopt;
  if (page.find_field_unordered("items").get_array().get(items)) return std::nullopt;
  BindingsPage result;
  for (auto element : items) {
    object item;
    std::string_view raw;
    if (element.get_object().get(item) || item.raw_json().get(raw)) return std::nullopt;
    result.items.emplace_back(raw);
  }
  std::uint64_t total = 0;
  if (!page.find_field_unordered("total").get_uint64().get(total)) result.total = total;
  if (!ReadNext(page, result.next)) return std::nullopt;
  return result;
}

std::string_view BindingItem::Get(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.first == name) return member.second;
  }
  return "";
}

std::uint64_t BindingItem::GetNumber(std::string_view name) const {
  const std::string_view text = Get(name);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<std::vector<BindingItem>> ReadBindingItems(const std::vector<std::string>& items) {
  std::vector<BindingItem> result;
  result.reserve(items.size());
  simdjson::ondemand::parser parser;
  for (const std::string& item : items) {
    const simdjson::padded_string padded(item);
    document document;
    object members;
    if (parser.iterate(padded).get(document)) return std::nullopt;
    if (document.get_object().get(members)) return std::nullopt;
    std::vector<BindingItem::Member> found;
    for (auto member : members) {
      simdjson::ondemand::field field;
      if (std::move(member).get(field) || !ReadMember(field, found)) return std::nullopt;
    }
    result.emplace_back(std::move(found));
  }
  return result;
}

std::optional<ImportReply> ReadImportReply(std::string_view text) {
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  document reply;
  array errors;
  ImportReply result;
  if (parser.iterate(padded).get(reply)) return std::nullopt;
  if (reply.find_field_unordered("imported").get_uint64().get(result.imported)) return std::nullopt;
  if (reply.find_field_unordered("skipped").get_uint64().get(result.skipped)) return std::nullopt;
  if (reply.find_field_unordered("errors").get_array().get(errors)) return std::nullopt;
  for (auto element : errors) {
    object error;
    if (element.get_object().get(error)) return std::nullopt;
    if (!ReadBadLine(error, result.errors.emplace_back())) return std::nullopt;
  }
  return result;
}

}  // namespace muster::daemon::cli
