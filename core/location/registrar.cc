#include "muster/core/registrar.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/hash/hash.h"
#include "muster/core/text.h"
#include "muster/core/text_buffer.h"
#include "muster/parser/uri.h"

namespace muster::core {
namespace {

constexpr std::size_t kNewBinding = static_cast<std::size_t>(-1);
/// What a listing adds to a binding's own Contact and q: ";q=", ";expires=", a separator.
constexpr std::size_t kListingOverheadBytes = 32;
/// Retry-After of a full table.
constexpr std::uint32_t kFullRetrySeconds = 60;
/// Retry-After while the journal is behind.
constexpr std::uint32_t kBehindRetrySeconds = 5;

using BindingText = TextBuffer<Limits::kMaxBindingBytes>;

/// One Contact of the request, decided: the binding it meets, and what was granted.
struct PlannedContact {
  const parser::Contact* contact = nullptr;
  std::size_t target = kNewBinding;   // index in the record
  std::uint32_t granted_seconds = 0;  // 0 removes
};

/// What a REGISTER does to a record. Made in full, and refused if need be, before the first edit.
struct Plan {
  std::array<PlannedContact, parser::kMaxContacts> contacts;
  std::size_t size = 0;

  std::span<PlannedContact> items() { return {contacts.data(), size}; }
  std::span<const PlannedContact> items() const { return {contacts.data(), size}; }
  bool Claims(std::size_t target) const {
    return std::ranges::any_of(items(),
                               [&](const PlannedContact& item) { return item.target == target; });
  }
};

/// The display name, URI and parameters of a Contact as they are kept and shown: without q and
/// expires, which are kept apart. Returns where in `text` the URI stands.
std::pair<std::size_t, std::size_t> WriteContact(const parser::NameAddr& address,
                                                 BindingText& text) {
  text.Clear();
  if (!address.display_name.empty()) {
    text.AppendUnfolded(address.display_name);
    text.Append(" ");
  }
  text.Append("<");
  const std::size_t uri_begin = text.size();
  text.Append(address.uri.text);
  const std::size_t uri_end = text.size();
  text.Append(">");
  parser::ParameterReader reader(address.params);
  for (parser::Parameter parameter; reader.Next(parameter);) {
    if (EqualsIgnoringCase(parameter.name, "q") || EqualsIgnoringCase(parameter.name, "expires")) {
      continue;
    }
    text.Append(";");
    text.Append(parameter.name);
    if (parameter.has_value) {
      text.Append("=");
      text.AppendUnfolded(parameter.value);
    }
  }
  return {uri_begin, uri_end - uri_begin};
}

bool SameContact(const parser::Uri& uri, std::string_view stored) {
  if (uri.text == stored) return true;
  parser::Uri parsed;
  parser::ParseError error;
  return parser::ParseUri(stored, parsed, error) && parser::Equivalent(uri, parsed);
}

/// The binding that `uri` means (RFC 3261 10.3 step 7), among those no earlier Contact has claimed:
/// URI equality is not transitive, so two different Contacts can both equal one binding.
std::size_t FindTarget(const Record& record, const Plan& plan, const parser::Uri& uri) {
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (SameContact(uri, record.at(i).contact_uri) && !plan.Claims(i)) return i;
  }
  return kNewBinding;
}

/// RFC 3261 10.3 step 7: the same Call-ID must come with a higher CSeq.
bool OutOfOrder(const Binding& binding, const RegisterRequest& request) {
  return binding.call_id == request.call_id() && request.cseq() <= binding.cseq;
}

Refusal OutOfOrderRefusal() {
  return {.code = 500, .reason = "CSeq not higher than that of the binding"};
}

/// Of Contacts in one request that mean the same binding, the last one counts.
bool RepeatedLater(std::span<const parser::Contact> contacts, std::size_t index) {
  return std::ranges::any_of(contacts.subspan(index + 1), [&](const parser::Contact& later) {
    return parser::Equivalent(contacts[index].address.uri, later.address.uri);
  });
}

/// The server may shorten a wish, never lengthen it (RFC 3261 10.3 step 7).
std::uint32_t Grant(const RegistrarOptions& options, const RegisterRequest& request,
                    std::uint32_t asked, absl::Time now) {
  const std::uint32_t granted = std::min(asked, options.max_expires_seconds);
  if (options.expires_jitter_percent == 0 || granted / 2 <= options.min_expires_seconds) {
    return granted;
  }
  // A hash of what differs from REGISTER to REGISTER stands in for a random number.
  const std::uint64_t random = absl::HashOf(request.aor().hash(), request.cseq(), now);
  const std::uint64_t most =
      std::uint64_t{granted} * std::min(options.expires_jitter_percent, 100U) / 100;
  const auto shorter = static_cast<std::uint32_t>(granted - random % (most + 1));
  return std::max(shorter, options.min_expires_seconds);
}

/// What can be planned without a look at the record: all but the targets.
Refusal MakePlan(const RegistrarOptions& options, const RegisterRequest& request, absl::Time now,
                 Plan& plan) {
  const auto contacts = request.contacts();
  // As many as there can be to remove, and as many in their place.
  if (contacts.size() / 2 > options.max_contacts) {
    return {.code = 403, .reason = "too many contacts in one REGISTER"};
  }
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    if (RepeatedLater(contacts, i)) continue;
    const std::uint32_t asked = request.AskedSeconds(contacts[i], options.default_expires_seconds);
    if (asked > 0 && asked < 3600 && asked < options.min_expires_seconds) {
      return {.code = 423,
              .reason = "expiry below the minimum",
              .min_expires_seconds = options.min_expires_seconds};
    }
    plan.contacts[plan.size++] = {&contacts[i], kNewBinding, Grant(options, request, asked, now)};
  }
  return {};
}

/// One REGISTER under its AoR's lock.
class Decision {
 public:
  Decision(const RegistrarOptions& options, const RegisterRequest& request, Plan& plan,
           ServerId server, absl::Time now, std::size_t list_room_bytes, Record& record)
      : options_(options),
        request_(request),
        plan_(plan),
        server_(server),
        now_(now),
        list_room_bytes_(list_room_bytes),
        record_(record) {}

  /// Refuses, and has changed nothing, or has done all.
  Refusal Run() {
    if (request_.is_fetch()) return CheckListing();
    if (Refusal refusal = CheckJournal()) return refusal;
    if (request_.is_remove_all()) return RemoveAll();
    FindTargets();
    if (Refusal refusal = CheckPlan()) return refusal;
    Apply();
    return {};
  }

 private:
  Refusal CheckListing() const {
    if (ListedBytes({}) <= list_room_bytes_) return {};
    return {.code = 513, .reason = "answer would be too large"};
  }

  Refusal CheckJournal() const {
    switch (record_.journal_state()) {
      case JournalState::kFailing:
        return {.code = 500, .reason = "the journal fails, nothing can be stored"};
      case JournalState::kBehind:
        return {.code = 503,
                .reason = "the journal is behind",
                .retry_after_seconds = kBehindRetrySeconds};
      case JournalState::kOpen:
        break;
    }
    return {};
  }

  Refusal RemoveAll() {
    for (std::size_t i = 0; i < record_.size(); ++i) {
      if (OutOfOrder(record_.at(i), request_)) return OutOfOrderRefusal();
    }
    while (record_.size() > 0) record_.Remove(record_.size() - 1);
    return {};
  }

  void FindTargets() {
    for (PlannedContact& item : plan_.items()) {
      item.target = FindTarget(record_, plan_, item.contact->address.uri);
    }
  }

  Refusal CheckPlan() const {
    std::size_t added = 0;
    std::size_t removed = 0;
    for (const PlannedContact& item : plan_.items()) {
      if (item.target == kNewBinding) {
        added += item.granted_seconds > 0 ? 1 : 0;
      } else {
        if (OutOfOrder(record_.at(item.target), request_)) return OutOfOrderRefusal();
        removed += item.granted_seconds == 0 ? 1 : 0;
      }
      if (TextBytes(*item.contact) > Limits::kMaxBindingBytes) {
        return {.code = 400, .reason = "Contact too long"};
      }
    }
    if (const auto buried = record_.TombstoneCSeq(request_.call_id());
        buried && request_.cseq() <= *buried) {
      return {.code = 500, .reason = "CSeq not higher than that of a removed binding"};
    }
    if (added > 0 && record_.size() + added - removed > options_.max_contacts) {
      return {.code = 403, .reason = "too many contacts for this AoR"};
    }
    if (ListedBytes(plan_.items()) > list_room_bytes_) {
      return {.code = 403, .reason = "contacts of this AoR too long for one answer"};
    }
    if (added > removed && !record_.HasRoomFor(added - removed)) {
      return {.code = 503, .reason = "table is full", .retry_after_seconds = kFullRetrySeconds};
    }
    return {};
  }

  /// An upper bound of what the binding of `contact` keeps.
  std::size_t TextBytes(const parser::Contact& contact) const {
    return contact.address.text.size() + 2 + contact.instance.size() +
           request_.aor().text().size() + request_.to_uri().size() + request_.call_id().size() +
           request_.path().size() + request_.user_agent().size();
  }

  /// What listing the record takes once `items` are carried out, or a little more.
  std::size_t ListedBytes(std::span<const PlannedContact> items) const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < record_.size(); ++i) {
      if (plan_.Claims(i)) continue;
      const Binding& binding = record_.at(i);
      bytes += binding.contact.size() + binding.q_text.size() + kListingOverheadBytes;
    }
    for (const PlannedContact& item : items) {
      if (item.granted_seconds == 0) continue;
      bytes += item.contact->address.text.size() + kListingOverheadBytes;
    }
    return bytes;
  }

  /// Replaces first, while indexes stand, then removes from the back, then adds.
  void Apply() {
    for (const PlannedContact& item : plan_.items()) {
      if (item.target == kNewBinding || item.granted_seconds == 0) continue;
      record_.Replace(item.target, MakeBinding(item));
    }
    for (std::size_t i = record_.size(); i-- > 0;) {
      const bool remove = std::ranges::any_of(plan_.items(), [&](const PlannedContact& item) {
        return item.target == i && item.granted_seconds == 0;
      });
      if (remove) record_.Remove(i);
    }
    for (const PlannedContact& item : plan_.items()) {
      if (item.target != kNewBinding || item.granted_seconds == 0) continue;
      record_.Add(MakeBinding(item));
    }
  }

  /// Views on the request, and on contact_text_ until the next call.
  Binding MakeBinding(const PlannedContact& item) {
    const parser::Contact& contact = *item.contact;
    const auto [uri_begin, uri_size] = WriteContact(contact.address, contact_text_);
    Binding binding;
    binding.to_uri = request_.to_uri();
    binding.contact = contact_text_.text();
    binding.contact_uri = binding.contact.substr(uri_begin, uri_size);
    binding.q_text = contact.q_text;
    binding.call_id = request_.call_id();
    binding.instance = contact.instance;
    binding.instrument = InstrumentFromInstance(contact.instance);
    binding.path = request_.path();
    binding.user_agent = request_.user_agent();
    binding.cseq = request_.cseq();
    binding.reg_id = contact.reg_id;
    binding.transport = request_.source().transport;
    binding.source_address = request_.source().address;
    binding.source_port = request_.source().port;
    binding.server = server_;
    binding.expires_at = now_ + absl::Seconds(item.granted_seconds);
    binding.updated_at = now_;
    return binding;
  }

  const RegistrarOptions& options_;
  const RegisterRequest& request_;
  Plan& plan_;
  const ServerId server_;
  const absl::Time now_;
  const std::size_t list_room_bytes_;
  Record& record_;
  BindingText contact_text_;
};

}  // namespace

Registrar::Registrar(RegistrarOptions options, LocationService& location)
    : options_(std::move(options)),
      location_(location),
      local_servers_(options_.node, location.servers()) {}

RegisterOutcome Registrar::Process(const RegisterRequest& request, absl::Time now,
                                   std::size_t list_room_bytes,
                                   absl::FunctionRef<void(const Binding&)> list) {
  if (Refusal refusal = CheckDomain(request)) return {refusal};
  Plan plan;
  if (Refusal refusal = MakePlan(options_, request, now, plan)) return {refusal};
  const ServerId server = local_servers_.For(request.source().local_address);
  Refusal refusal;
  const BatchNumber batch = location_.Edit(request.aor(), now, [&](Record& record) {
    refusal = Decision(options_, request, plan, server, now, list_room_bytes, record).Run();
    if (refusal) return;
    for (std::size_t i = 0; i < record.size(); ++i) list(record.at(i));
  });
  return {refusal, refusal ? 0 : batch};
}

/// RFC 3261 10.3 steps 1 and 5. A Request-URI that names an address instead of a domain means this
/// registrar, whatever the domain.
Refusal Registrar::CheckDomain(const RegisterRequest& request) const {
  if (options_.domains.empty()) return {};
  const auto is_ours = [&](std::string_view host) {
    return std::ranges::any_of(options_.domains, [&](const std::string& domain) {
      return EqualsIgnoringCase(domain, host);
    });
  };
  const std::string_view asked = request.request_host();
  const bool asked_by_address = IpAddress::Parse(asked).has_value();
  if (!asked_by_address && !is_ours(asked)) {
    return {.code = 404, .reason = "Request-URI names no domain of this registrar"};
  }
  if (!is_ours(request.aor().domain())) {
    return {.code = 404, .reason = "To names no domain of this registrar"};
  }
  if (!asked_by_address && !EqualsIgnoringCase(asked, request.aor().domain())) {
    return {.code = 404, .reason = "To is not of the Request-URI's domain"};
  }
  return {};
}

}  // namespace muster::core
