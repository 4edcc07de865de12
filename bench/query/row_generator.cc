#include "bench/query/row_generator.h"

#include <iterator>
#include <vector>

#include "bench/query/concat.h"

namespace muster::bench {
namespace {

// A value's share is the interval of 0 to 999 that ends before its number here.
constexpr std::string_view kDomains[] = {
    "sip.example.com",     "voice.example.net", "pbx.example.org",       "berlin.example.com",
    "hotel.example.net",   "clinic.example",    "school.example.org",    "warehouse.example",
    "support.example.com", "lab.example.net",   "reception.example.org", "test.example"};
constexpr std::uint32_t kDomainEnds[] = {400, 600, 720, 800, 860, 900,
                                         930, 955, 975, 990, 997, 1'000};

constexpr std::uint16_t kStatusCodes[] = {200, 202, 301, 302, 400, 401, 403, 404, 405, 407,
                                          408, 423, 480, 486, 488, 500, 502, 503, 504, 603};
constexpr std::uint32_t kStatusEnds[] = {850, 852, 853, 856, 860, 885, 915, 930, 932, 940,
                                         955, 958, 968, 974, 977, 983, 985, 993, 998, 1'000};

struct Model {
  std::string_view name;  // without the end of the version
  std::string_view oui;   // the first half of its MACs
};
constexpr Model kModels[] = {
    {"Yealink SIP-T46S 66.85.0.", "805ec0"},
    {"Yealink SIP-T42G 29.83.0.", "001565"},
    {"Yealink SIP-T54W 96.86.0.", "805ec0"},
    {"Yealink W60B 77.85.0.", "805ec0"},
    {"PolycomVVX-VVX_411-UA/5.9.6.23", "64167f"},
    {"PolycomVVX-VVX_250-UA/6.3.1.82", "64167f"},
    {"PolycomSoundPointIP-SPIP_550-UA/4.0.1.13", "0004f2"},
    {"snomD785-SIP/10.1.54.13-rev", "000413"},
    {"snom720-SIP/8.9.3.80-rev", "000413"},
    {"Grandstream GXP2170 1.0.11.", "000b82"},
    {"Grandstream GRP2614 1.0.5.", "c074ad"},
    {"Cisco/SPA504G-7.6.2-build-", "7c95f3"},
};
constexpr std::uint32_t kVersions = 4;
constexpr std::uint32_t kUserAgents = kVersions * std::size(kModels);

// The columns that a row's random numbers are of.
enum Column : std::uint32_t {
  kServer,
  kTransport,
  kDomain,
  kUserAgent,
  kNamed,
  kFirstName,
  kLastName,
  kPort,
  kExpiry,
  kHasMac,
  kUuid,
  kUuidEnd,
  kCallIdKind,
  kCallIdBegin,
  kCallIdEnd,
  kMoved,
  kOfficeSize,
  kOfficeNet,
  kSubnet,
  kAccount,
  kProxy,
  kStatus,
  kDeactivated,
  kPersistent,
  kOutboundAgent,
};

constexpr std::string_view kFirstNames[] = {"anna", "ben",   "carla", "david",
                                            "eva",  "felix", "greta", "hugo"};
constexpr std::string_view kLastNames[] = {"schmidt", "weber", "fischer", "rossi",
                                           "martin",  "novak", "smith",   "lopez"};
constexpr std::uint32_t kFirstOctets[] = {62, 80, 91, 185};

std::uint64_t Mix(std::uint64_t x) {  // the finalizer of SplitMix64
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The index of the share that `draw`, below 1,000, falls into.
std::size_t IndexOf(std::span<const std::uint32_t> ends, std::uint32_t draw) {
  std::size_t index = 0;
  while (draw >= ends[index]) ++index;
  return index;
}

template <std::size_t kDigits>
std::string Hex(std::uint64_t value) {
  std::string text(kDigits, '0');
  for (std::size_t i = kDigits; i > 0; value >>= 4) text[--i] = "0123456789abcdef"[value & 15];
  return text;
}

std::string Dotted(std::uint32_t address) {
  return Concat(address >> 24, ".", address >> 16 & 255, ".", address >> 8 & 255, ".",
                address & 255);
}

std::string Uuid(std::uint64_t high, std::uint64_t low) {
  return Concat(Hex<8>(high >> 32), "-", Hex<4>(high >> 16), "-4", Hex<3>(high), "-a",
                Hex<3>(low >> 48), "-", Hex<12>(low));
}

/// In each hundred rows one user has two contacts and another one three.
std::uint32_t UserOf(std::uint32_t row) {
  switch (row % 100) {
    case 49:
    case 98:
      return row - 1;
    case 99:
      return row - 2;
    default:
      return row;
  }
}

std::vector<std::string> MakeUserAgents() {
  std::vector<std::string> agents;
  for (const Model& model : kModels) {
    for (std::uint32_t version = 0; version < kVersions; ++version)
      agents.push_back(Concat(model.name, 15 + 10 * version));
  }
  return agents;
}

}  // namespace

std::span<const std::string> UserAgents() {
  static const std::vector<std::string> agents = MakeUserAgents();
  return agents;
}

std::span<const std::string_view> Domains() { return kDomains; }

std::span<const std::uint16_t> StatusCodes() { return kStatusCodes; }

core::Binding BindingRow::View() const {
  core::Binding binding;
  binding.aor = aor.text();
  binding.user = aor.user();
  binding.to_uri = to_uri;
  binding.contact = contact;
  binding.contact_uri = binding.contact.substr(1, contact.size() - 2);
  binding.call_id = call_id;
  binding.instance = instance;
  binding.instrument = core::InstrumentFromInstance(binding.instance);
  binding.user_agent = user_agent;
  binding.cseq = cseq;
  binding.transport = transport;
  binding.source_address = core::IpAddress::FromV4(source_address);
  binding.source_port = source_port;
  binding.server = server;
  binding.expires_at = expires_at;
  binding.registered_at = kNow;
  binding.updated_at = updated_at;
  return binding;
}

std::string_view BindingRow::mac() const {
  const std::string_view instrument = core::InstrumentFromInstance(instance);
  return instrument.size() == 12 ? instrument : std::string_view();
}

std::size_t BindingRow::string_bytes() const {
  return aor.text().size() + aor.user().size() + to_uri.size() + contact.size() + call_id.size() +
         instance.size() + user_agent.size();
}

RowGenerator::RowGenerator(std::uint32_t seed) : seed_(Mix(seed)) {}

std::uint64_t RowGenerator::Bits(std::uint32_t row, std::uint32_t column) const {
  return Mix(seed_ ^ (std::uint64_t{column} << 32 | row));
}

std::uint32_t RowGenerator::Draw(std::uint32_t row, std::uint32_t column, std::uint32_t end) const {
  return static_cast<std::uint32_t>((Bits(row, column) >> 32) * end >> 32);
}

std::uint32_t RowGenerator::Scramble(std::uint32_t number, unsigned bits) const {
  // An odd factor and a sum are undone modulo any power of two: no two numbers become one.
  return (number * 2'654'435'761U + static_cast<std::uint32_t>(seed_)) &
         static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
}

/// Each 50 rows are two offices.
RowGenerator::Desk RowGenerator::DeskOf(std::uint32_t row) const {
  const std::uint32_t pair = row / 50;
  const std::uint32_t place = row % 50;
  const std::uint32_t first_size = 10 + Draw(pair, kOfficeSize, 31);
  if (place < first_size) return {2 * pair, place};
  return {2 * pair + 1, place - first_size};
}

/// 10.0.0.0/8 is numbered across offices, a /26 each; each has 192.168.0.0/16 to itself.
std::uint32_t RowGenerator::PrivateAddress(const Desk& desk) const {
  if (Draw(desk.office, kOfficeNet, 5) < 3)
    return 10U << 24 | Scramble(desk.office, 18) << 6 | (2 + desk.place);
  return 192U << 24 | 168U << 16 | Draw(desk.office, kSubnet, 256) << 8 | (10 + desk.place);
}

std::uint32_t RowGenerator::PublicAddress(const Desk& desk) const {
  const std::uint32_t number = Scramble(desk.office, 22);
  return kFirstOctets[number >> 20] << 24 | (number & ((1U << 20) - 1));
}

core::Aor RowGenerator::AorOf(std::uint32_t user, std::string_view domain) const {
  std::string name;
  if (Draw(user, kNamed, 10) < 3) {
    name = Concat(kFirstNames[Draw(user, kFirstName, std::size(kFirstNames))], ".",
                  kLastNames[Draw(user, kLastName, std::size(kLastNames))], user);
  } else {
    name = Concat("49", 3'000'000'000 + user);
  }
  return core::Aor::Parse(Concat(name, "@", domain)).value_or(core::Aor());
}

void RowGenerator::NameDevice(std::uint32_t row, BindingRow& made) const {
  const std::uint32_t agent = Draw(row, kUserAgent, kUserAgents);
  made.user_agent = UserAgents()[agent];
  if (Draw(row, kHasMac, 10) < 7) {
    made.instance = Concat("urn:uuid:00000000-0000-1000-8000-", kModels[agent / kVersions].oui,
                           Hex<6>(Scramble(row, 24)));
  } else {
    made.instance = Concat("urn:uuid:", Uuid(Bits(row, kUuid), Bits(row, kUuidEnd)));
  }
}

/// Every other Call-ID names the host that made it, a few of them one that has moved since.
void RowGenerator::NameCall(std::uint32_t row, const Desk& desk, BindingRow& made) const {
  // The scrambled number makes it unique.
  const std::uint64_t begin = std::uint64_t{Scramble(row, 32)} << 32 | Draw(row, kCallIdBegin, ~0U);
  if (Draw(row, kCallIdKind, 2) == 0) {
    made.call_id = Uuid(begin, Bits(row, kCallIdEnd));
    return;
  }
  made.call_id_address = made.contact_address;
  if (Draw(row, kMoved, 10) == 0)
    made.call_id_address = (made.contact_address & ~63U) | (52 + desk.place % 10);
  made.call_id =
      Concat(Hex<16>(begin), Hex<8>(Bits(row, kCallIdEnd)), "@", Dotted(made.call_id_address));
}

BindingRow RowGenerator::MakeBinding(std::uint32_t row) const {
  const Desk desk = DeskOf(row);
  const std::uint32_t user = UserOf(row);
  BindingRow made;
  made.domain = kDomains[IndexOf(kDomainEnds, Draw(user, kDomain, 1'000))];
  made.aor = AorOf(user, made.domain);
  made.to_uri = Concat("sip:", made.aor.text());
  made.contact_address = PrivateAddress(desk);
  made.source_address = PublicAddress(desk);
  made.source_port = static_cast<std::uint16_t>(1'024 + Draw(row, kPort, 60'000));
  made.server = static_cast<core::ServerId>(Draw(row, kServer, kServers));
  const std::uint32_t transport = Draw(row, kTransport, 10);
  made.transport = transport < 7   ? core::Transport::kUdp
                   : transport < 9 ? core::Transport::kTcp
                                   : core::Transport::kTls;
  made.contact = Concat("<sip:", made.aor.user(), "@", Dotted(made.contact_address),
                        ":5060;transport=", core::TransportName(made.transport),
                        ";line=", Hex<4>(Scramble(row, 32)), ">");
  NameDevice(row, made);
  NameCall(row, desk, made);
  made.expires_at = kNow + absl::Seconds(1 + Draw(row, kExpiry, 3'600));
  made.updated_at = kNow;
  return made;
}

OutboundRow RowGenerator::MakeOutbound(std::uint32_t row) const {
  OutboundRow made;
  made.id = row + 1;
  made.account_id = 1 + Draw(row, kAccount, 1'000);
  made.proxy = static_cast<std::uint16_t>(Draw(row, kProxy, kServers));
  made.status_code = kStatusCodes[IndexOf(kStatusEnds, Draw(row, kStatus, 1'000))];
  made.successful = made.status_code < 300;
  made.deactivated = !made.successful && Draw(row, kDeactivated, 10) == 0;
  made.is_persistent = Draw(row, kPersistent, 10) < 8;
  made.user_agent = UserAgents()[Draw(row, kOutboundAgent, kUserAgents)];
  return made;
}

}  // namespace muster::bench
