// The location service, and the engine beneath it with a second row kind.

#include <cstdlib>
#include <utility>

#include "bench/query/outbound_table.h"
#include "bench/query/store.h"

namespace muster::bench {
namespace {

using core::BindingField;
using core::Condition;

Condition Text(std::string_view text, bool is_prefix = false) {
  Condition condition;
  condition.texts.push_back({std::string(text), is_prefix});
  return condition;
}

Condition Number(std::int64_t number) {
  Condition condition;
  condition.ranges.push_back({number, number});
  return condition;
}

Condition Block(const AddressRange& range) {
  Condition condition;
  condition.blocks.push_back(core::AddressBlock::Around(
      core::IpAddress::FromV4(range.first), static_cast<std::uint8_t>(96 + range.prefix_bits)));
  return condition;
}

core::BindingFilter FilterOf(const Question& question) {
  core::BindingFilter filter;
  if (!question.user.empty()) filter.Add(BindingField::kUser, Text(question.user));
  if (!question.mac.empty()) filter.Add(BindingField::kMac, Text(question.mac));
  if (!question.call_id.empty()) filter.Add(BindingField::kCallId, Text(question.call_id));
  if (question.ip) filter.Add(BindingField::kIp, Block(*question.ip));
  if (question.server) filter.Add(BindingField::kServer, Number(*question.server));
  if (question.transport) {
    filter.Add(BindingField::kTransport, Number(static_cast<std::int64_t>(*question.transport)));
  }
  if (!question.domain.empty()) filter.Add(BindingField::kDomain, Text(question.domain));
  if (!question.user_agent.empty()) {
    filter.Add(BindingField::kUserAgent, Text(question.user_agent, question.user_agent_is_prefix));
  }
  return filter;
}

/// The servers that rows name.
void AddServers(core::ServerRegistry& servers) {
  for (std::uint32_t id = 0; id != kServers; ++id) {
    servers.Add({id + 1, "node" + std::to_string(id), "10.255.0." + std::to_string(id)});
  }
}

class MusterStore final : public QueryStore {
 public:
  MusterStore() { AddServers(location_.servers()); }

  void Add(const BindingRow& row) override {
    location_.Edit(row.aor, kNow, [&](core::Record& record) { record.Add(row.View()); });
  }
  void Add(const OutboundRow& row) override { outbound_.Add(row); }

  bool Refresh(const BindingRow& row) override {
    const core::Binding binding = row.View();
    bool found = false;
    location_.Edit(row.aor, kNow, [&](core::Record& record) {
      for (std::size_t i = 0; i != record.size() && !found; ++i) {
        if (record.at(i).contact_uri != binding.contact_uri) continue;
        record.Replace(i, binding);
        found = true;
      }
    });
    return found;
  }

  void Answer(const Question& question, QueryAnswer& answer) override {
    answer.Clear();
    if (!question.status.empty()) return AnswerOutbound(question, answer);
    const core::BindingFilter filter = FilterOf(question);
    if (question.kind == QuestionKind::kGroupByServer) return Group(filter, answer);
    core::RowPosition position;
    if (question.offset != 0) position = location_.Skip(filter, kNow, question.offset);
    // As the listing of /v1 does: a page that is the whole list has been counted.
    const bool has_more = location_.Read(filter, kNow, kPageRows, position, answer.bindings);
    const bool is_whole = !has_more && question.offset == 0;
    answer.total = is_whole ? answer.bindings.size() : location_.Count(filter, kNow);
  }

 private:
  void AnswerOutbound(const Question& question, QueryAnswer& answer) {
    Condition condition;
    condition.field = OutboundTable::kStatusCode;
    for (const StatusRange& range : question.status) {
      condition.ranges.push_back({range.first, range.last});
    }
    core::PreparedQuery query;
    query.emplace_back(condition);
    answer.total = outbound_.Find(query, kPageRows, answer.outbound);
  }

  /// Each server is known by the last part of its address.
  void Group(const core::BindingFilter& filter, QueryAnswer& answer) {
    for (const core::Group& group : location_.GroupBy(filter, kNow, BindingField::kServer).groups) {
      const std::string& address = std::get<std::string>(group.value);
      const int id = std::atoi(address.c_str() + address.rfind('.') + 1);
      answer.groups.push_back({static_cast<core::ServerId>(id), group.count});
      answer.total += group.count;
    }
  }

  core::LocationService location_{Limits(), 16};
  OutboundTable outbound_;

  static core::Limits Limits() {
    core::Limits limits;
    limits.max_bindings = 100'000'000;
    return limits;
  }
};

}  // namespace

std::unique_ptr<QueryStore> MakeMusterStore() { return std::make_unique<MusterStore>(); }

}  // namespace muster::bench
