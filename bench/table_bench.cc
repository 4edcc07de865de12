// The table at 100,000 and 1,000,000 bindings with strings of realistic lengths: a refresh, a new
// binding, lookups by each exact index. Every answer is checked once, before it is timed.
// Counters: bytes_per_binding = growth of resident memory over rows, all indexes included;
// string_bytes = what the strings given take, of which the User-Agents are some dozens.

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "muster/core/location_service.h"

namespace muster::core {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
constexpr int kUserAgents = 48;
constexpr int kServers = 64;

std::size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void Check(bool right, const char* what) {
  if (right) return;
  std::cerr << "wrong answer: " << what << '\n';
  std::abort();
}

/// Phone number `n`, made anew each time: the table holds the only copies. 2 % of users have two.
class Phone {
 public:
  explicit Phone(std::uint32_t n) : n_(n) {
    const std::uint32_t user = n % 50 == 49 ? n - 1 : n;
    aor_ = Format("user%08u@sip.example.com", user);  // 28
    to_uri_ = "sip:" + aor_ + ";p";                   // 34
    contact_ = Format("<sip:user%08u@", n) + contact_ip() + ":5060;transport=udp;line=ab12>";
    call_id_ = Format("%08x-77c2-4f1e-9a0b-", n * 2'654'435'761U) + Format("%012x", n);  // 36
    mac_ = Format("0004f2%06x", n);
    instance_ = "urn:uuid:00000000-0000-1000-8000-" + mac_;  // 45
    user_agent_ = Format("Polycom/VVX-%03u/5.9.6.2327 (UA)  ", n % kUserAgents).substr(0, 30);
  }

  std::string contact_ip() const {
    return Format("10.%u.", n_ >> 16 & 255) + Format("%u.", n_ >> 8 & 255) + Format("%u", n_ & 255);
  }

  Binding View(absl::Time now) const {
    Binding binding;
    binding.to_uri = to_uri_;
    binding.contact = contact_;
    binding.contact_uri = binding.contact.substr(1, binding.contact.size() - 2);
    binding.call_id = call_id_;
    binding.instance = instance_;
    binding.instrument = binding.instance.substr(binding.instance.size() - 12);
    binding.user_agent = user_agent_;
    binding.cseq = 1;
    // Offices of 32 phones behind one address.
    binding.source_address = IpAddress::FromV4(0xC6120000U + n_ / 32);
    binding.source_port = static_cast<std::uint16_t>(1'024 + n_ % 50'000);
    binding.server = static_cast<ServerId>(n_ % kServers);
    binding.expires_at = now + absl::Seconds(3'600 - n_ % 1'800);
    binding.updated_at = now;
    return binding;
  }

  std::size_t string_bytes() const {
    return to_uri_.size() + contact_.size() + call_id_.size() + instance_.size() +
           user_agent_.size();
  }
  const std::string& aor() const { return aor_; }
  const std::string& call_id() const { return call_id_; }
  const std::string& mac() const { return mac_; }

 private:
  static std::string Format(const char* format, std::uint32_t value) {
    char text[64];
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof(text), format, value))};
  }

  std::uint32_t n_;
  std::string aor_, to_uri_, contact_, call_id_, instance_, mac_, user_agent_;
};

/// A full table, kept from benchmark to benchmark of one size.
class Table {
 public:
  static Table& Of(std::uint32_t rows) {
    static std::unique_ptr<Table> table;
    if (!table || table->rows_ != rows) {
      table.reset();
      table = std::make_unique<Table>(rows);
    }
    return *table;
  }

  explicit Table(std::uint32_t rows) : rows_(rows) {
    malloc_trim(0);  // or the memory of an earlier table would be had for nothing
    const std::size_t before = ResidentBytes();
    std::size_t string_bytes = 0;
    for (std::uint32_t n = 0; n < rows; ++n) {
      const Phone phone(n);
      string_bytes += phone.string_bytes();
      Add(location_, phone);
    }
    const double count = rows;
    bytes_per_binding_ = static_cast<double>(ResidentBytes() - before) / count;
    string_bytes_ = static_cast<double>(string_bytes) / count;
    Check(location_.Count(BindingFilter::All(), kStart) == rows, "count of all");
  }

  static void Add(LocationService& location, const Phone& phone) {
    location.Edit(Aor::Parse(phone.aor()).value(), kStart, [&](Record& record) {
      Check(record.HasRoomFor(1), "room");
      record.Add(phone.View(kStart));
    });
  }

  void Report(benchmark::State& state) const {
    state.counters["bytes_per_binding"] = bytes_per_binding_;
    state.counters["string_bytes"] = string_bytes_;
  }

  LocationService& location() { return location_; }

 private:
  const std::uint32_t rows_;
  LocationService location_{Limits()};
  double bytes_per_binding_ = 0;
  double string_bytes_ = 0;
};

std::uint32_t Rows(const benchmark::State& state) {
  return static_cast<std::uint32_t>(state.range(0));
}

/// The number of a phone whose user has no second one: it would be found by the user, too.
std::uint32_t AnyWithOneContact(std::mt19937& random, std::uint32_t rows) {
  std::uint32_t n = random() % rows;
  while (n % 50 >= 48) n = random() % rows;
  return n;
}

/// Some thousand phones all over the table, made before the clock runs.
std::vector<Phone> Sample(std::uint32_t rows) {
  std::mt19937 random(7);
  std::vector<Phone> phones;
  for (int i = 0; i < 65'536; ++i) phones.emplace_back(AnyWithOneContact(random, rows));
  return phones;
}

/// Bindings as REGISTERs bring them, made just before they are used: in a daemon, too, the message
/// is in the cache when the table is asked.
class Batch {
 public:
  static constexpr std::size_t kSize = 256;

  void Add(std::uint32_t n, absl::Time now, std::uint32_t cseq) {
    phones_.emplace_back(n);
    aors_.push_back(Aor::Parse(phones_.back().aor()).value());
    bindings_.push_back(phones_.back().View(now));
    bindings_.back().cseq = cseq;
  }
  void Clear() {
    phones_.clear();
    aors_.clear();
    bindings_.clear();
  }
  std::size_t size() const { return phones_.size(); }
  const Aor& aor(std::size_t i) const { return aors_[i]; }
  const Binding& binding(std::size_t i) const { return bindings_[i]; }

  Batch() {
    phones_.reserve(kSize);  // bindings_ are views of them
    aors_.reserve(kSize);
    bindings_.reserve(kSize);
  }

 private:
  std::vector<Phone> phones_;
  std::vector<Aor> aors_;
  std::vector<Binding> bindings_;
};

/// Processor time of this thread, so that what else the machine does counts less.
double ThreadSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Runs `one` on each of the batch and books the time.
template <typename One>
void Time(benchmark::State& state, const Batch& batch, const One& one) {
  const double begin = ThreadSeconds();
  for (std::size_t i = 0; i < batch.size(); ++i) one(batch.aor(i), batch.binding(i));
  state.SetIterationTime(ThreadSeconds() - begin);
}

/// As a registrar does it: finds its binding among the AoR's, looks for a tombstone, replaces it.
void Refresh(benchmark::State& state) {
  LocationService& location = Table::Of(Rows(state)).location();
  const absl::Time now = kStart + absl::Seconds(1);
  static std::uint32_t cseq = 1;
  Batch batch;
  std::mt19937 random(cseq);
  while (state.KeepRunningBatch(Batch::kSize)) {
    batch.Clear();
    ++cseq;
    while (batch.size() < Batch::kSize)
      batch.Add(AnyWithOneContact(random, Rows(state)), now, cseq);
    Time(state, batch, [&](const Aor& aor, const Binding& binding) {
      location.Edit(aor, now, [&](Record& record) {
        if (record.TombstoneCSeq(binding.call_id)) return;
        if (record.at(0).contact_uri == binding.contact_uri) record.Replace(0, binding);
      });
    });
    BindingPage page;
    location.Lookup(batch.aor(0), kStart, page);
    Check(page.size() == 1 && page[0].cseq == cseq, "the refresh arrived");
  }
  Check(location.Count(BindingFilter::All(), kStart) == Rows(state), "count after refreshes");
  Table::Of(Rows(state)).Report(state);
}

/// New bindings on top of the table, growth of the indexes included.
void Insert(benchmark::State& state) {
  LocationService& location = Table::Of(Rows(state)).location();
  Batch batch;
  std::uint32_t next = 10'000'000;
  while (state.KeepRunningBatch(Batch::kSize)) {
    batch.Clear();
    while (batch.size() < Batch::kSize) batch.Add(next++, kStart, 1);
    Time(state, batch, [&](const Aor& aor, const Binding& binding) {
      location.Edit(aor, kStart, [&](Record& record) {
        if (record.HasRoomFor(1)) record.Add(binding);
      });
    });
  }
  const std::size_t added = next - 10'000'000;
  Check(location.Count(BindingFilter::All(), kStart) == Rows(state) + added, "count with inserts");
  while (next > 10'000'000) {
    location.Edit(Aor::Parse(Phone(--next).aor()).value(), kStart, [](Record& record) {
      while (record.size() > 0) record.Remove(record.size() - 1);
    });
  }
  Check(location.Count(BindingFilter::All(), kStart) == Rows(state), "count without them");
}

void Lookup(benchmark::State& state) {
  LocationService& location = Table::Of(Rows(state)).location();
  std::vector<Aor> aors;
  for (const Phone& phone : Sample(Rows(state))) aors.push_back(Aor::Parse(phone.aor()).value());
  BindingPage page;
  for (const Aor& aor : aors) {
    location.Lookup(aor, kStart, page);
    Check(page.size() == 1 && page[0].aor == aor.text(), "lookup");
  }
  std::size_t next = 0;
  for (auto _ : state) {
    location.Lookup(aors[next++ % aors.size()], kStart, page);
    benchmark::DoNotOptimize(page[0]);
  }
}

/// The whole answer to a query: all rows that the filter means, copied.
void Query(benchmark::State& state, BindingFilter (*filter_of)(const Phone&),
           std::size_t expected) {
  LocationService& location = Table::Of(Rows(state)).location();
  std::vector<BindingFilter> filters;
  for (const Phone& phone : Sample(Rows(state))) filters.push_back(filter_of(phone));
  BindingPage page;
  const auto read = [&](const BindingFilter& filter) {
    RowPosition position;
    location.Read(filter, kStart, 100, position, page);
    return page.size();
  };
  for (const BindingFilter& filter : filters) Check(read(filter) == expected, "query");
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(read(filters[next++ % filters.size()]));
}

void ByUser(benchmark::State& state) {
  Query(
      state, [](const Phone& p) { return BindingFilter::User(p.aor().substr(0, 12)); }, 1);
}
void ByMac(benchmark::State& state) {
  Query(
      state, [](const Phone& p) { return BindingFilter::Instrument(p.mac()); }, 1);
}
void ByIp(benchmark::State& state) {
  Query(
      state, [](const Phone& p) { return BindingFilter::Ip(p.contact_ip()).value(); }, 1);
}
void ByCallId(benchmark::State& state) {
  Query(
      state, [](const Phone& p) { return BindingFilter::CallId(p.call_id()); }, 1);
}

/// The first 50 of a server's rows, and how many it has.
void ByServer(benchmark::State& state) {
  LocationService& location = Table::Of(Rows(state)).location();
  BindingPage page;
  ServerId server = 0;
  std::size_t count = 0;
  for (auto _ : state) {
    const auto filter = BindingFilter::Servers({server});
    server = static_cast<ServerId>((server + 1) % kServers);
    RowPosition position;
    location.Read(filter, kStart, 50, position, page);
    count = location.Count(filter, kStart);
    benchmark::DoNotOptimize(page);
  }
  Check(page.size() == 50, "page of a server");
  Check(count / 2 < Rows(state) / kServers && count * 2 > Rows(state) / kServers, "server's count");
}

void CountAll(benchmark::State& state) {
  LocationService& location = Table::Of(Rows(state)).location();
  for (auto _ : state) {
    const std::size_t count = location.Count(BindingFilter::All(), kStart);
    if (count != Rows(state)) Check(false, "count of all");
  }
}

// By size first, so that each table is made once.
int RegisterAll() {
  for (const std::int64_t rows : {100'000, 1'000'000}) {
    for (const auto& [name, run] : std::vector<std::pair<const char*, void (*)(benchmark::State&)>>{
             {"table/refresh", Refresh},
             {"table/insert", Insert},
             {"table/lookup", Lookup},
             {"table/by_user", ByUser},
             {"table/by_mac", ByMac},
             {"table/by_ip", ByIp},
             {"table/by_call_id", ByCallId},
             {"table/by_server", ByServer},
             {"table/count_all", CountAll}}) {
      auto* const registered = benchmark::RegisterBenchmark(name, run)->Arg(rows);
      if (run == Refresh || run == Insert) registered->UseManualTime();
    }
  }
  return 0;
}

const int kRegistered = RegisterAll();

}  // namespace
}  // namespace muster::core

BENCHMARK_MAIN();
