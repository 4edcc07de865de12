// HTTP, from the request to the bytes of its answer, without a socket: writing a page of
// registrations, one user's registrations through router and handler, and a whole listing.
// Each benchmark checks its answer once.

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "http/sipxcom/document.h"
#include "muster/core/aor.h"
#include "muster/core/location_service.h"
#include "muster/http/router.h"
#include "muster/http/sipxcom.h"

namespace muster::http {
namespace {

constexpr std::size_t kPageRows = 64;
const absl::Time kNow = absl::FromUnixSeconds(1'732'104'000);

class StandingClock : public core::Clock {
 public:
  absl::Time Now() const override { return kNow; }
};

/// The strings of one phone's binding.
struct Phone {
  explicit Phone(std::size_t number)
      : user(std::to_string(200'000 + number)),
        to_uri("sip:" + user + "@example.com"),
        contact_uri("sip:" + user + "@192.0.2.17:5060;transport=udp"),
        contact("<" + contact_uri + ">;reg-id=1"),
        call_id(user + "-8f2c6d1e4b7a@192.0.2.17"),
        instrument("0004f2" + user) {}

  core::Binding Binding() const {
    core::Binding binding;
    binding.to_uri = to_uri;
    binding.contact = contact;
    binding.contact_uri = std::string_view(contact).substr(1, contact_uri.size());
    binding.call_id = call_id;
    binding.instrument = instrument;
    binding.source_address = core::IpAddress::FromV4(0xC0000211);
    binding.source_port = 5060;
    binding.cseq = 1;
    binding.updated_at = kNow;
    binding.expires_at = kNow + absl::Hours(1);
    return binding;
  }

  std::string user, to_uri, contact_uri, contact, call_id, instrument;
};

/// A location service of `users` with one binding each, and the routes to it.
struct House {
  explicit House(std::size_t users) : location(core::Limits{}) {
    location.servers().Add({1, "one.example.com", "10.5.0.1"});
    for (std::size_t i = 0; i < users; ++i) {
      const Phone phone(i);
      const core::Aor aor = *core::Aor::Parse(phone.user + "@example.com");
      location.Edit(aor, kNow, [&](core::Record& record) { record.Add(phone.Binding()); });
    }
    AddSipxcomRoutes(router, location, commits, clock, core::Limits{});
  }

  StandingClock clock;
  core::KeptInMemory commits;
  core::LocationService location;
  Router router{Authorization::Off()};
};

/// The body's size; the body itself goes to `body` when that is wanted.
std::size_t Get(const Router& router, std::string_view target, std::string* body = nullptr) {
  Request request;
  request.method = "GET";
  ParseTarget(target, request);
  Response response = router.Route(request);
  if (response.work) response = response.work();
  std::size_t size = 0;
  std::string chunk;
  for (bool has_more = true; has_more;) {
    has_more = response.chunks(chunk);
    size += chunk.size();
    if (body != nullptr) *body += chunk;
  }
  return size;
}

std::size_t CountOf(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void WritePage(benchmark::State& state, sipxcom::Format format) {
  core::BindingPage page;
  for (std::size_t i = 0; i < kPageRows; ++i) {
    const Phone phone(i);
    core::Binding binding = phone.Binding();
    const std::string aor = phone.user + "@example.com";
    binding.aor = aor;
    page.Append(binding);
  }
  std::string out;
  for (auto _ : state) {
    out.clear();
    sipxcom::Document document(format, out);
    document.Begin();
    for (const core::Binding& binding : page) document.Add(binding, "10.5.0.1", kNow);
    document.End();
    benchmark::DoNotOptimize(out.data());
  }
  const char* row = format == sipxcom::Format::kJson ? "\"regCallId\":\"" : "<regCallId>";
  if (CountOf(row, out) != kPageRows) state.SkipWithError("a row is missing");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kPageRows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK_CAPTURE(WritePage, json, sipxcom::Format::kJson);
BENCHMARK_CAPTURE(WritePage, xml, sipxcom::Format::kTextXml);

void GetUser(benchmark::State& state) {
  const auto users = static_cast<std::size_t>(state.range(0));
  const House house(users);
  std::string body;
  Get(house.router, "/registrations/user/200042", &body);
  if (CountOf("\"identity\":\"200042@example.com\"", body) != 1 ||
      CountOf("regCallId", body) != 1) {
    state.SkipWithError("the answer is wrong");
  }
  std::size_t next = 0;
  for (auto _ : state) {
    next = (next + 7'919) % users;
    const std::string target = "/registrations/user/" + std::to_string(200'000 + next);
    benchmark::DoNotOptimize(Get(house.router, target));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(GetUser)->Arg(1'000)->Arg(100'000);

void GetAll(benchmark::State& state) {
  const auto users = static_cast<std::size_t>(state.range(0));
  const House house(users);
  std::string body;
  Get(house.router, "/registrations", &body);
  if (CountOf("regCallId", body) != users) state.SkipWithError("a row is missing or twice there");
  for (auto _ : state) benchmark::DoNotOptimize(Get(house.router, "/registrations"));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(GetAll)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace muster::http

BENCHMARK_MAIN();
