#include "bench/query/question.h"

#include <algorithm>
#include <iterator>

namespace muster::bench {
namespace {

struct Kind {
  QuestionKind kind;
  std::string_view name;
};
constexpr Kind kKinds[] = {
    {QuestionKind::kUser, "user"},
    {QuestionKind::kMac, "mac"},
    {QuestionKind::kCallId, "call_id"},
    {QuestionKind::kIp, "ip"},
    {QuestionKind::kOfficeIp, "office_ip"},
    {QuestionKind::kServer, "server"},
    {QuestionKind::kTransport, "transport"},
    {QuestionKind::kDomain, "domain"},
    {QuestionKind::kStatusSet, "status_set"},
    {QuestionKind::kCidr8, "cidr8"},
    {QuestionKind::kCidr16, "cidr16"},
    {QuestionKind::kCidr20, "cidr20"},
    {QuestionKind::kCidr24, "cidr24"},
    {QuestionKind::kCidrAgent8, "cidr8_agent"},
    {QuestionKind::kCidrAgent16, "cidr16_agent"},
    {QuestionKind::kCidrAgent20, "cidr20_agent"},
    {QuestionKind::kCidrAgent24, "cidr24_agent"},
    {QuestionKind::kThreeFields, "three_fields"},
    {QuestionKind::kFirstPage, "first_page"},
    {QuestionKind::kDeepPage, "deep_page"},
    {QuestionKind::kGroupByServer, "group_by_server"},
};

/// Of a question about a network.
int PrefixBits(QuestionKind kind) {
  switch (kind) {
    case QuestionKind::kCidr8:
    case QuestionKind::kCidrAgent8:
      return 8;
    case QuestionKind::kCidr16:
    case QuestionKind::kCidrAgent16:
      return 16;
    case QuestionKind::kCidr20:
    case QuestionKind::kCidrAgent20:
      return 20;
    default:
      return 24;
  }
}

AddressRange Network(std::uint32_t address, int prefix_bits) {
  const std::uint32_t hosts = prefix_bits == 32 ? 0 : ~0U >> prefix_bits;
  return {address & ~hosts, address | hosts, prefix_bits};
}

bool HasUserAgent(const Question& question, std::string_view user_agent) {
  return question.user_agent_is_prefix ? user_agent.starts_with(question.user_agent)
                                       : user_agent == question.user_agent;
}

bool HasAddress(const AddressRange& ip, const BindingRow& row) {
  return ip.Has(row.contact_address) || ip.Has(row.source_address) ||
         (row.call_id_address != 0 && ip.Has(row.call_id_address));
}

}  // namespace

std::span<const QuestionKind> QuestionKinds() {
  static const std::vector<QuestionKind> kinds = [] {
    std::vector<QuestionKind> all;
    for (const Kind& kind : kKinds) all.push_back(kind.kind);
    return all;
  }();
  return kinds;
}

std::string_view NameOf(QuestionKind kind) {
  return std::find_if(std::begin(kKinds), std::end(kKinds),
                      [kind](const Kind& known) { return known.kind == kind; })
      ->name;
}

bool Matches(const Question& question, const BindingRow& row) {
  return question.status.empty() && (question.user.empty() || question.user == row.aor.user()) &&
         (question.mac.empty() || question.mac == row.mac()) &&
         (question.call_id.empty() || question.call_id == row.call_id) &&
         (!question.ip || HasAddress(*question.ip, row)) &&
         (!question.server || *question.server == row.server) &&
         (!question.transport || *question.transport == row.transport) &&
         (question.domain.empty() || question.domain == row.domain) &&
         (question.user_agent.empty() || HasUserAgent(question, row.user_agent));
}

bool Matches(const Question& question, const OutboundRow& row) {
  return std::any_of(question.status.begin(), question.status.end(), [&row](StatusRange range) {
    return range.first <= row.status_code && row.status_code <= range.last;
  });
}

QuestionGenerator::QuestionGenerator(const RowGenerator& rows, std::uint32_t count,
                                     std::uint32_t seed)
    : rows_(rows), count_(count), random_(seed) {}

std::uint32_t QuestionGenerator::Below(std::uint32_t end) { return random_() % end; }

std::vector<Question> QuestionGenerator::Make(QuestionKind kind, std::size_t count) {
  std::vector<Question> questions;
  while (questions.size() < count) questions.push_back(Make(kind));
  return questions;
}

Question QuestionGenerator::Make(QuestionKind kind) {
  Question question;
  question.kind = kind;
  switch (kind) {
    case QuestionKind::kUser:
    case QuestionKind::kMac:
    case QuestionKind::kCallId:
    case QuestionKind::kIp:
    case QuestionKind::kOfficeIp:
      AskForKey(question);
      break;
    case QuestionKind::kServer:
    case QuestionKind::kTransport:
    case QuestionKind::kDomain:
    case QuestionKind::kThreeFields:
      AskForFields(question);
      break;
    case QuestionKind::kStatusSet:
      AskForStatus(question);
      break;
    case QuestionKind::kCidrAgent8:
    case QuestionKind::kCidrAgent16:
    case QuestionKind::kCidrAgent20:
    case QuestionKind::kCidrAgent24:
      AskForUserAgents(question);
      [[fallthrough]];
    case QuestionKind::kCidr8:
    case QuestionKind::kCidr16:
    case QuestionKind::kCidr20:
    case QuestionKind::kCidr24:
      AskForNetwork(PrefixBits(kind), question);
      break;
    case QuestionKind::kDeepPage:
      question.offset = count_ / 2 + Below(kPageRows);
      break;
    case QuestionKind::kFirstPage:
    case QuestionKind::kGroupByServer:
      break;
  }
  return question;
}

void QuestionGenerator::AskForKey(Question& question) {
  BindingRow row = AnyRow();
  const QuestionKind kind = question.kind;
  while (kind == QuestionKind::kMac && row.mac().empty()) row = AnyRow();
  // 192.168.0.0/16 has phones of many offices at each address.
  while (kind == QuestionKind::kIp && row.contact_address >> 24 != 10) row = AnyRow();
  if (kind == QuestionKind::kUser) question.user = row.aor.user();
  if (kind == QuestionKind::kMac) question.mac = row.mac();
  if (kind == QuestionKind::kCallId) question.call_id = row.call_id;
  if (kind == QuestionKind::kIp) question.ip = Network(row.contact_address, 32);
  if (kind == QuestionKind::kOfficeIp) question.ip = Network(row.source_address, 32);
}

void QuestionGenerator::AskForFields(Question& question) {
  const BindingRow row = AnyRow();
  const QuestionKind kind = question.kind;
  const bool three = kind == QuestionKind::kThreeFields;
  if (three || kind == QuestionKind::kServer) question.server = row.server;
  if (three || kind == QuestionKind::kTransport) question.transport = row.transport;
  if (three) question.user_agent = row.user_agent;
  if (kind == QuestionKind::kDomain) question.domain = row.domain;
}

void QuestionGenerator::AskForNetwork(int prefix_bits, Question& question) {
  const BindingRow row = AnyRow();
  question.ip = Network(Below(2) == 0 ? row.contact_address : row.source_address, prefix_bits);
}

void QuestionGenerator::AskForUserAgents(Question& question) {
  // At least the vendor's first letters, and never the whole.
  const std::string_view whole = AnyRow().user_agent;
  const auto size = static_cast<std::uint32_t>(whole.size());
  question.user_agent = whole.substr(0, 4 + Below(size - 4));
  question.user_agent_is_prefix = true;
}

void QuestionGenerator::AskForStatus(Question& question) {
  constexpr StatusRange kRanges[] = {{300, 399}, {400, 409}, {480, 489}, {500, 599}, {501, 504}};
  const auto codes = StatusCodes();
  for (int i = 0; i < 2; ++i) {
    const std::uint16_t code = codes[1 + Below(static_cast<std::uint32_t>(codes.size()) - 1)];
    question.status.push_back({code, code});
  }
  question.status.push_back(kRanges[Below(std::size(kRanges))]);
  question.status.push_back(kRanges[Below(std::size(kRanges))]);
}

}  // namespace muster::bench
