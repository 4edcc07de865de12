#include "table/binding_rows.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "muster/parser/header_values.h"

namespace muster::core {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::string_view DomainOf(std::string_view aor) {
  const std::size_t at = aor.find('@');
  return at == std::string_view::npos ? aor : aor.substr(at + 1);
}

bool Contains(const std::vector<NumberRange>& ranges, std::int64_t number) {
  return std::ranges::any_of(ranges,
                             [number](const NumberRange& range) { return range.Contains(number); });
}

/// Seconds left, rounded up, as times of expiry.
NumberRange ExpiryOf(const NumberRange& seconds, std::int64_t now_ns) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::int64_t most_seconds = (kMost - std::max<std::int64_t>(now_ns, 0)) / kNanosPerSecond;
  const auto at = [&](std::int64_t left) {
    return now_ns + std::clamp<std::int64_t>(left, -1, most_seconds) * kNanosPerSecond;
  };
  const std::int64_t last = seconds.last >= most_seconds ? kMost : at(seconds.last);
  return {seconds.first <= 0 ? 0 : at(seconds.first - 1) + 1, last};
}

/// The URI of a Contact that is given as a name-addr.
std::string ContactUri(const std::string& text) {
  parser::Contact contact;
  parser::ParseError error;
  if (!parser::ParseContact(text, contact, error) || !contact.address.bracketed) return text;
  return std::string(contact.address.uri.text);
}

void PrepareText(BindingField field, PreparedCondition& prepared) {
  for (const TextValue& value : prepared.condition().texts) {
    prepared.is_known = prepared.is_known && !value.is_prefix;
    switch (field) {
      case BindingField::kInstance: {
        std::string room;
        const std::string_view instrument = InstrumentFromInstance(value.text);
        prepared.LookUpOwn(std::string(CanonicalInstrument(instrument, room)));
        break;
      }
      case BindingField::kContact:
        prepared.LookUpOwn(ContactUri(value.text));
        break;
      default:
        prepared.LookUp(value.text);
        break;
    }
  }
  switch (field) {
    case BindingField::kMac:
    case BindingField::kInstance:
    case BindingField::kInstrument:
      // There a row may stand for another of the three.
      prepared.index_field = static_cast<std::size_t>(BindingField::kInstrument);
      prepared.is_exact = false;
      break;
    case BindingField::kContact:
      prepared.is_exact = false;  // Contacts of one URI may differ
      break;
    default:
      break;
  }
}

void PrepareSecondsLeft(absl::Time now, PreparedCondition& prepared) {
  Condition condition = prepared.condition();
  for (NumberRange& range : condition.ranges) range = ExpiryOf(range, absl::ToUnixNanos(now));
  prepared.Change(std::move(condition));
}

}  // namespace

PreparedQuery Prepare(const BindingFilter& filter, absl::Time now) {
  PreparedQuery query;
  for (const Condition& condition : filter.conditions()) {
    PreparedCondition& prepared = query.emplace_back(condition);
    const auto field = static_cast<BindingField>(condition.field);
    if (field == BindingField::kExpiresIn) PrepareSecondsLeft(now, prepared);
    if (InfoOf(field).index == FieldIndex::kExact) PrepareText(field, prepared);
    if (InfoOf(field).index == FieldIndex::kAddress) prepared.LookUpBlocks();
  }
  return query;
}

RowPtr BindingRows::Make(std::string_view aor, const Binding& binding) {
  RowPtr row = Row::Make(aor, binding, blocks_);
  row->user_agent = user_agents_.Acquire(binding.user_agent);
  row->domain = domains_.Acquire(DomainOf(aor));
  return row;
}

void BindingRows::Release(const Row& row) {
  user_agents_.Release(row.user_agent);
  domains_.Release(row.domain);
}

Binding BindingRows::ToBinding(const Row& row, RowRoom& room) const {
  Binding binding = row.ToBinding(room);
  binding.user_agent = UserAgentOf(row);
  return binding;
}

bool BindingRows::Value(const Row& row, std::size_t field, std::uint32_t& value) const {
  switch (static_cast<BindingField>(field)) {
    case BindingField::kDomain:
      value = row.domain;
      return value != Interner::kEmpty;
    case BindingField::kUserAgent:
      value = row.user_agent;
      return value != Interner::kEmpty;
    default: {
      std::int64_t number = 0;
      const bool has = Number(row, static_cast<BindingField>(field), number);
      value = static_cast<std::uint32_t>(number);
      return has;
    }
  }
}

bool BindingRows::ValueMeets(std::size_t field, std::uint32_t value,
                             const Condition& condition) const {
  const auto which = static_cast<BindingField>(field);
  if (InfoOf(which).type != FieldType::kText) return Contains(condition.ranges, value);
  return std::ranges::any_of(condition.texts, [&](const TextValue& text) {
    return text.Matches(TextOfValue(which, value));
  });
}

std::uint32_t BindingRows::FindValue(BindingField field, std::string_view text) const {
  return field == BindingField::kDomain ? domains_.Find(text) : user_agents_.Find(text);
}

std::string_view BindingRows::TextOfValue(BindingField field, std::uint32_t value) const {
  return field == BindingField::kDomain ? domains_.Text(value) : user_agents_.Text(value);
}

AddressKeys BindingRows::AddressesOf(const Row& row) {
  RowRoom room;
  return {row.contact_uri(room.contact), row.source_address(), row.call_id(room.call_id)};
}

bool BindingRows::HasAddressIn(const Row& row, std::size_t, const AddressBlock& block) const {
  if (block.Contains(row.source_address())) return true;
  return std::ranges::any_of(AddressesOf(row).keys(),
                             [&](const IpAddress& each) { return block.Contains(each); });
}

bool BindingRows::Meets(const Row& row, const Condition& condition) const {
  const auto field = static_cast<BindingField>(condition.field);
  bool has = false;
  std::int64_t number = 0;
  switch (InfoOf(field).type) {
    case FieldType::kText:
      has = HasAnyText(row, field, condition.texts);
      break;
    case FieldType::kNumber:
    case FieldType::kTime:
      has = Number(row, field, number) && Contains(condition.ranges, number);
      break;
    case FieldType::kAddress: {
      const AddressKeys addresses = AddressesOf(row);
      has = std::ranges::any_of(condition.blocks, [&](const AddressBlock& block) {
        return std::ranges::any_of(addresses.keys(),
                                   [&](const IpAddress& each) { return block.Contains(each); });
      });
      break;
    }
  }
  return has != condition.is_negated;
}

std::string_view BindingRows::Text(const Row& row, BindingField field, FieldRoom& room) const {
  switch (field) {
    case BindingField::kAor:
      return row.aor();
    case BindingField::kUser:
      return row.user();
    case BindingField::kDomain:
      return domains_.Text(row.domain);
    case BindingField::kContact:
      return row.contact_uri(room.packed);
    case BindingField::kMac:
      return MacOf(row.instrument(room.packed), room.canonical);
    case BindingField::kInstance:
      return row.instance(room.packed);
    case BindingField::kInstrument:
      return CanonicalInstrument(row.instrument(room.packed), room.canonical);
    case BindingField::kCallId:
      return row.call_id(room.packed);
    case BindingField::kUserAgent:
      return UserAgentOf(row);
    case BindingField::kPath:
      return row.path();
    default:
      return {};
  }
}

bool BindingRows::HasAnyText(const Row& row, BindingField field,
                             const std::vector<TextValue>& values) const {
  FieldRoom room;
  FieldRoom whole_room;
  const std::string_view text = Text(row, field, room);
  const std::string_view whole =
      field == BindingField::kContact ? row.contact(whole_room.packed) : text;
  return !text.empty() && std::ranges::any_of(values, [&](const TextValue& value) {
    return value.Matches(text) || value.Matches(whole);
  });
}

bool BindingRows::Number(const Row& row, BindingField field, std::int64_t& number) const {
  switch (field) {
    case BindingField::kPort:
      number = row.source_port;
      return number != 0;
    case BindingField::kTransport:
      number = static_cast<std::int64_t>(row.transport);
      return true;
    case BindingField::kServer:
      number = row.server;
      return true;
    case BindingField::kExpiresIn:
      number = row.expires_ns;
      return true;
    case BindingField::kRegisteredAt:
      number = row.registered_ns;
      return true;
    case BindingField::kUpdatedAt:
      number = row.updated_ns;
      return true;
    case BindingField::kRegId:
      number = row.reg_id;
      return number != 0;
    default:
      return false;
  }
}

std::optional<FieldValue> BindingRows::Shown(const Row& row, BindingField field) const {
  if (field == BindingField::kIp) {
    if (row.source_address().empty()) return std::nullopt;
    return row.source_address().ToString();
  }
  if (field == BindingField::kTransport) return std::string(TransportName(row.transport));
  if (InfoOf(field).type == FieldType::kText) {
    FieldRoom room;
    const std::string_view text =
        field == BindingField::kContact ? row.contact(room.packed) : Text(row, field, room);
    if (text.empty()) return std::nullopt;
    return std::string(text);
  }
  std::int64_t number = 0;
  if (!Number(row, field, number)) return std::nullopt;
  return number;
}

FieldValue BindingRows::ShownFor(BindingField field, std::uint32_t value) const {
  if (InfoOf(field).type == FieldType::kText) return std::string(TextOfValue(field, value));
  if (field == BindingField::kTransport) {
    return std::string(TransportName(static_cast<Transport>(value)));
  }
  return std::int64_t{value};
}

std::size_t BindingRows::MemoryBytes() const {
  return blocks_.MemoryBytes() + slots_.MemoryBytes() + user_agents_.MemoryBytes() +
         domains_.MemoryBytes();
}

}  // namespace muster::core
