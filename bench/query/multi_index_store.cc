// Boost.MultiIndex under one shared mutex, as a service would have it: an index per field.
//
// - Keys that are asked for whole are hashed, addresses ordered. Fields of few values are ranked:
//   such an index knows how many rows have a value, and its n-th row, without walking.
// - Expiry has no index: modify() would look at the neighbours in all of them at each refresh.
// - A row holds its strings in one block; User-Agents and domains are numbers.
// - `ip` means three walks, each of which leaves out what the ones before it have met. A Call-ID's
//   host has an entry only where it is not the Contact's.
// - Other combinations walk the rows of the narrowest condition.

#include <array>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/mem_fun.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index/ranked_index.hpp>
#include <boost/multi_index_container.hpp>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "bench/query/concat.h"
#include "bench/query/dictionary.h"
#include "bench/query/store.h"

namespace muster::bench {
namespace {

namespace mi = boost::multi_index;

/// A binding as it is stored.
struct StoredBinding {
  std::string_view user() const { return Part(0); }
  std::string_view to_uri() const { return Part(1); }
  std::string_view contact() const { return Part(2); }
  std::string_view call_id() const { return Part(3); }
  std::string_view instance() const { return Part(4); }
  std::string_view instrument() const { return core::InstrumentFromInstance(instance()); }

  std::string_view Part(std::size_t n) const {
    const std::size_t begin = n == 0 ? 0 : ends[n - 1];
    return std::string_view(text).substr(begin, ends[n] - begin);
  }

  std::string text;                   // its parts, one behind the other
  std::array<std::uint16_t, 5> ends;  // of the parts
  std::int16_t domain;
  std::int16_t user_agent;
  std::uint16_t source_port;
  core::ServerId server;
  core::Transport transport;
  std::uint32_t contact_address;
  std::uint32_t source_address;
  // No keys, so that a refresh may write them in place.
  mutable std::uint32_t cseq;
  mutable std::uint32_t expires_at;  // seconds since the epoch
  mutable std::uint32_t updated_at;
};

struct ByUser;
struct ByInstrument;
struct ByCallId;
struct ByContactAddress;
struct BySourceAddress;
struct ByServer;
struct ByTransport;
struct ByDomain;
struct ByUserAgent;

template <typename Tag, std::string_view (StoredBinding::*kPart)() const>
using HashedText =
    mi::hashed_non_unique<mi::tag<Tag>, mi::const_mem_fun<StoredBinding, std::string_view, kPart>,
                          std::hash<std::string_view>>;
template <typename Tag, typename Value, Value StoredBinding::*kField>
using Ordered = mi::ordered_non_unique<mi::tag<Tag>, mi::member<StoredBinding, Value, kField>>;
template <typename Tag, typename Value, Value StoredBinding::*kField>
using Ranked = mi::ranked_non_unique<mi::tag<Tag>, mi::member<StoredBinding, Value, kField>>;

using Bindings = mi::multi_index_container<
    StoredBinding,
    mi::indexed_by<HashedText<ByUser, &StoredBinding::user>,
                   HashedText<ByInstrument, &StoredBinding::instrument>,
                   HashedText<ByCallId, &StoredBinding::call_id>,
                   Ordered<ByContactAddress, std::uint32_t, &StoredBinding::contact_address>,
                   Ordered<BySourceAddress, std::uint32_t, &StoredBinding::source_address>,
                   Ranked<ByServer, core::ServerId, &StoredBinding::server>,
                   Ranked<ByTransport, core::Transport, &StoredBinding::transport>,
                   Ranked<ByDomain, std::int16_t, &StoredBinding::domain>,
                   Ordered<ByUserAgent, std::int16_t, &StoredBinding::user_agent>>>;

struct StoredOutbound {
  std::uint32_t id;
  std::uint32_t account_id;
  std::uint16_t proxy;
  std::uint16_t status_code;
  std::int16_t user_agent;
  bool successful;
  bool deactivated;
  bool is_persistent;
};

struct ById;
struct ByAccount;
struct ByProxy;
struct ByStatusCode;

using Outbound = mi::multi_index_container<
    StoredOutbound,
    mi::indexed_by<
        mi::hashed_unique<mi::tag<ById>,
                          mi::member<StoredOutbound, std::uint32_t, &StoredOutbound::id>>,
        mi::hashed_non_unique<mi::tag<ByAccount>, mi::member<StoredOutbound, std::uint32_t,
                                                             &StoredOutbound::account_id>>,
        mi::ranked_non_unique<mi::tag<ByProxy>,
                              mi::member<StoredOutbound, std::uint16_t, &StoredOutbound::proxy>>,
        mi::ranked_non_unique<mi::tag<ByStatusCode>, mi::member<StoredOutbound, std::uint16_t,
                                                                &StoredOutbound::status_code>>>>;

class MultiIndexStore final : public QueryStore {
 public:
  void Add(const BindingRow& row) override;
  void Add(const OutboundRow& row) override;
  bool Refresh(const BindingRow& row) override;
  void Answer(const Question& question, QueryAnswer& answer) override;

 private:
  /// The page and the total of all rows in [first, last) that `matches` says true of. May be called
  /// for several ranges, one behind the other.
  template <typename Iterator, typename Predicate>
  void Walk(Iterator first, Iterator last, const Predicate& matches, const Question& question,
            QueryAnswer& answer) const;
  template <typename Tag, typename Key>
  void AnswerHashed(const Key& key, const Question& question, QueryAnswer& answer) const;
  /// Nothing is walked but the page.
  template <typename Tag, typename Key>
  void AnswerRanked(const Key& key, const Question& question, QueryAnswer& answer) const;
  void AnswerIp(const AddressRange& ip, const Question& question, QueryAnswer& answer) const;
  void AnswerThreeFields(core::ServerId server, core::Transport transport, const Question& question,
                         QueryAnswer& answer) const;
  void AnswerAll(const Question& question, QueryAnswer& answer) const;
  void AnswerGroups(QueryAnswer& answer) const;
  void AnswerStatus(const Question& question, QueryAnswer& answer) const;
  void Append(const StoredBinding& row, QueryAnswer& answer) const;
  void Append(const StoredOutbound& row, QueryAnswer& answer) const;

  std::shared_mutex mutex_;  // guards all below
  Bindings bindings_;
  std::multimap<std::uint32_t, const StoredBinding*> by_other_address_;
  Outbound outbound_;
  Dictionary domains_;
  Dictionary user_agents_;
};

std::uint32_t Seconds(absl::Time time) {
  return static_cast<std::uint32_t>(absl::ToUnixSeconds(time));
}

void MultiIndexStore::Add(const BindingRow& row) {
  StoredBinding stored;
  std::size_t part = 0;
  for (const std::string_view text :
       {row.aor.user(), std::string_view(row.to_uri), std::string_view(row.contact),
        std::string_view(row.call_id), std::string_view(row.instance)}) {
    stored.text += text;
    stored.ends[part++] = static_cast<std::uint16_t>(stored.text.size());
  }
  stored.text.shrink_to_fit();
  stored.domain = domains_.Add(row.domain);
  stored.user_agent = user_agents_.Add(row.user_agent);
  stored.source_port = row.source_port;
  stored.server = row.server;
  stored.transport = row.transport;
  stored.contact_address = row.contact_address;
  stored.source_address = row.source_address;
  stored.cseq = row.cseq;
  stored.expires_at = Seconds(row.expires_at);
  stored.updated_at = Seconds(row.updated_at);
  const auto place = bindings_.insert(std::move(stored)).first;
  if (row.call_id_address != 0 && row.call_id_address != row.contact_address)
    by_other_address_.emplace(row.call_id_address, &*place);
}

void MultiIndexStore::Add(const OutboundRow& row) {
  outbound_.insert({row.id, row.account_id, row.proxy, row.status_code,
                    user_agents_.Add(row.user_agent), row.successful, row.deactivated,
                    row.is_persistent});
}

bool MultiIndexStore::Refresh(const BindingRow& row) {
  const std::unique_lock lock(mutex_);
  const auto [first, last] = bindings_.get<ByUser>().equal_range(row.aor.user());
  for (auto place = first; place != last; ++place) {
    if (place->contact() != row.contact) continue;
    if (domains_.TextOf(place->domain) != row.aor.domain()) continue;
    place->cseq = row.cseq;
    place->expires_at = Seconds(row.expires_at);
    place->updated_at = Seconds(row.updated_at);
    return true;
  }
  return false;
}

void MultiIndexStore::Answer(const Question& question, QueryAnswer& answer) {
  answer.Clear();
  const std::shared_lock lock(mutex_);
  if (question.kind == QuestionKind::kGroupByServer) return AnswerGroups(answer);
  if (!question.status.empty()) return AnswerStatus(question, answer);
  if (question.ip) return AnswerIp(*question.ip, question, answer);
  if (!question.user.empty())
    return AnswerHashed<ByUser>(std::string_view(question.user), question, answer);
  if (!question.mac.empty())
    return AnswerHashed<ByInstrument>(std::string_view(question.mac), question, answer);
  if (!question.call_id.empty())
    return AnswerHashed<ByCallId>(std::string_view(question.call_id), question, answer);
  if (question.server && question.transport)
    return AnswerThreeFields(*question.server, *question.transport, question, answer);
  if (question.server) return AnswerRanked<ByServer>(*question.server, question, answer);
  if (question.transport) return AnswerRanked<ByTransport>(*question.transport, question, answer);
  if (!question.domain.empty())
    return AnswerRanked<ByDomain>(domains_.Find(question.domain), question, answer);
  AnswerAll(question, answer);
}

template <typename Iterator, typename Predicate>
void MultiIndexStore::Walk(Iterator first, Iterator last, const Predicate& matches,
                           const Question& question, QueryAnswer& answer) const {
  for (; first != last; ++first) {
    if (!matches(*first)) continue;
    if (++answer.total > question.offset && answer.bindings.size() < kPageRows)
      Append(*first, answer);
  }
}

template <typename Tag, typename Key>
void MultiIndexStore::AnswerHashed(const Key& key, const Question& question,
                                   QueryAnswer& answer) const {
  const auto [first, last] = bindings_.get<Tag>().equal_range(key);
  Walk(
      first, last, [](const StoredBinding&) { return true; }, question, answer);
}

template <typename Tag, typename Key>
void MultiIndexStore::AnswerRanked(const Key& key, const Question& question,
                                   QueryAnswer& answer) const {
  const auto& index = bindings_.get<Tag>();
  const std::size_t begin = index.lower_bound_rank(key);
  const std::size_t end = index.upper_bound_rank(key);
  answer.total = end - begin;
  auto place = index.nth(std::min(begin + question.offset, end));
  for (std::size_t n = begin + question.offset; n < end && answer.bindings.size() < kPageRows; ++n)
    Append(*place++, answer);
}

void MultiIndexStore::AnswerIp(const AddressRange& ip, const Question& question,
                               QueryAnswer& answer) const {
  std::vector<bool> agents;  // by number: whether it is asked for
  for (const std::string& text : user_agents_.texts())
    agents.push_back(text.starts_with(question.user_agent));
  const auto has_agent = [&agents](const StoredBinding& row) {
    return static_cast<bool>(agents[static_cast<std::size_t>(row.user_agent)]);
  };
  const auto& by_contact = bindings_.get<ByContactAddress>();
  Walk(by_contact.lower_bound(ip.first), by_contact.upper_bound(ip.last), has_agent, question,
       answer);
  const auto& by_source = bindings_.get<BySourceAddress>();
  const auto by_source_only = [&](const StoredBinding& row) {
    return !ip.Has(row.contact_address) && has_agent(row);
  };
  Walk(by_source.lower_bound(ip.first), by_source.upper_bound(ip.last), by_source_only, question,
       answer);
  const auto last = by_other_address_.upper_bound(ip.last);
  for (auto place = by_other_address_.lower_bound(ip.first); place != last; ++place) {
    const StoredBinding* row = place->second;
    if (ip.Has(row->source_address)) continue;
    Walk(row, row + 1, by_source_only, question, answer);
  }
}

void MultiIndexStore::AnswerThreeFields(core::ServerId server, core::Transport transport,
                                        const Question& question, QueryAnswer& answer) const {
  const std::int16_t user_agent = user_agents_.Find(question.user_agent);
  const auto [first, last] = bindings_.get<ByServer>().equal_range(server);
  const auto matches = [&](const StoredBinding& row) {
    return row.transport == transport && row.user_agent == user_agent;
  };
  Walk(first, last, matches, question, answer);
}

/// In the order of servers: any ranked index has an n-th row of all.
void MultiIndexStore::AnswerAll(const Question& question, QueryAnswer& answer) const {
  const auto& index = bindings_.get<ByServer>();
  answer.total = index.size();
  auto place = index.nth(std::min<std::size_t>(question.offset, index.size()));
  while (place != index.end() && answer.bindings.size() < kPageRows) Append(*place++, answer);
}

void MultiIndexStore::AnswerGroups(QueryAnswer& answer) const {
  const auto& index = bindings_.get<ByServer>();
  std::size_t begin = 0;
  while (begin < index.size()) {
    const core::ServerId server = index.nth(begin)->server;
    const std::size_t end = index.upper_bound_rank(server);
    answer.groups.push_back({server, end - begin});
    begin = end;
  }
  answer.total = begin;
}

void MultiIndexStore::AnswerStatus(const Question& question, QueryAnswer& answer) const {
  const auto& index = outbound_.get<ByStatusCode>();
  // From code to code, so that ranges that overlap count once.
  for (auto place = index.begin(); place != index.end();) {
    const std::uint16_t code = place->status_code;
    const auto last = index.upper_bound(code);
    OutboundRow row;
    row.status_code = code;
    if (Matches(question, row)) {
      answer.total += index.rank(last) - index.rank(place);
      while (place != last && answer.outbound.size() < kPageRows) Append(*place++, answer);
    }
    place = last;
  }
}

void MultiIndexStore::Append(const StoredOutbound& row, QueryAnswer& answer) const {
  answer.outbound.push_back({row.id, row.account_id, row.proxy, row.status_code, row.successful,
                             row.deactivated, row.is_persistent,
                             user_agents_.TextOf(row.user_agent)});
}

void MultiIndexStore::Append(const StoredBinding& row, QueryAnswer& answer) const {
  const std::string aor = Concat(row.user(), "@", domains_.TextOf(row.domain));
  core::Binding binding;
  binding.aor = aor;
  binding.user = binding.aor.substr(0, row.user().size());
  binding.to_uri = row.to_uri();
  binding.contact = row.contact();
  binding.contact_uri = binding.contact.substr(1, binding.contact.size() - 2);
  binding.call_id = row.call_id();
  binding.instance = row.instance();
  binding.instrument = core::InstrumentFromInstance(binding.instance);
  binding.user_agent = user_agents_.TextOf(row.user_agent);
  binding.cseq = row.cseq;
  binding.transport = row.transport;
  binding.source_address = core::IpAddress::FromV4(row.source_address);
  binding.source_port = row.source_port;
  binding.server = row.server;
  binding.expires_at = absl::FromUnixSeconds(row.expires_at);
  binding.registered_at = kNow;
  binding.updated_at = absl::FromUnixSeconds(row.updated_at);
  answer.bindings.Append(binding);
}

}  // namespace

std::unique_ptr<QueryStore> MakeMultiIndexStore() { return std::make_unique<MultiIndexStore>(); }

}  // namespace muster::bench
