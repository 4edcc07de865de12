#include "registrations.h"

#include <simdjson.h>

#include "url.h"

namespace muster::daemon::cli {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

constexpr char kItems[] = "registrations";

/// A text member; null is "". False when it is missing or something else.
bool ReadText(object& item, const char* name, std::string& out) {
  value member;
  if (item.find_field_unordered(name).get(member)) return false;
  bool is_null = false;
  if (!member.is_null().get(is_null) && is_null) return true;
  std::string_view text;
  if (member.get_string().get(text)) return false;
  out = text;
  return true;
}

bool ReadRegistration(object item, Registration& registration) {
  return !item.find_field_unordered("secondsToExpire")
              .get_int64()
              .get(registration.seconds_to_expire) &&
         ReadText(item, "primary", registration.primary) &&
         ReadText(item, "identity", registration.identity) &&
         ReadText(item, "contact", registration.contact) &&
         ReadText(item, "instrument", registration.instrument) &&
         ReadText(item, "regCallId", registration.call_id);
}

const char* FolderOf(Selector::Field field) {
  switch (field) {
    case Selector::Field::kAll:
      return "";
    case Selector::Field::kUser:
      return "/user/";
    case Selector::Field::kMac:
      return "/serialNo/";
    case Selector::Field::kIp:
      return "/ip/";
    case Selector::Field::kCallId:
      return "/callId/";
    case Selector::Field::kServer:
      return "/server/";
  }
  return "";
}

}  // namespace

std::string PathOf(const Selector& selector) {
  return std::string("/registrations") + FolderOf(selector.field) + PathSegment(selector.value);
}

std::optional<std::vector<Registration>> ReadRegistrations(std::string_view text) {
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::array items;
  if (parser.iterate(padded).get(document)) return std::nullopt;
  if (document.find_field_unordered(kItems).get_array().get(items)) return std::nullopt;
  std::vector<Registration> registrations;
  for (auto element : items) {
    object item;
    if (element.get_object().get(item)) return std::nullopt;
    if (!ReadRegistration(item, registrations.emplace_back())) return std::nullopt;
  }
  return registrations;
}

std::optional<std::string> ItemsOf(std::string_view text) {
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::array items;
  std::string_view raw;
  if (parser.iterate(padded).get(document)) return std::nullopt;
  if (document.find_field_unordered(kItems).get_array().get(items)) return std::nullopt;
  if (items.raw_json().get(raw)) return std::nullopt;
  return std::string(raw);
}

}  // namespace muster::daemon::cli
