#include "bindings.h"

#include <simdjson.h>

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
    result.lines.append(raw).append("\n");
    ++result.count;
  }
  if (!ReadNext(page, result.next)) return std::nullopt;
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
