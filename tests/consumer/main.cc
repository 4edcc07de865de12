// A SIP proxy that embeds muster, on one page: it hands the bytes of a REGISTER and where they came
// from to the registrar in its own process, sends back what that answers, and asks who is where.

#include <muster/core/location_service.h>
#include <muster/core/registrar.h>
#include <muster/core/user_agent_server.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace core = muster::core;

namespace {

constexpr std::string_view kRegister =
    "REGISTER sip:example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK776asdhds;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:alice@example.com>;tag=1928301774\r\n"
    "To: <sip:alice@example.com>\r\n"
    "Call-ID: a84b4c76e66710\r\n"
    "CSeq: 314159 REGISTER\r\n"
    "Contact: <sip:alice@192.0.2.7:5060>\r\n"
    "Expires: 600\r\n"
    "Content-Length: 0\r\n\r\n";

void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "consumer: not so: %s\n", what);
  std::exit(1);
}

}  // namespace

int main() {
  core::LocationService location{core::Limits{}};
  core::Registrar registrar{core::RegistrarOptions{}, location};
  core::UserAgentServer server{registrar};
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);

  core::Source source;
  source.address = core::IpAddress::Parse("198.51.100.20").value();
  source.port = 40'000;
  std::string answer;
  const core::Answered answered = server.Answer(kRegister, source, now, answer);
  Expect(answered.code == 200 && answered.is_register, "the REGISTER is accepted");
  Expect(answer.starts_with("SIP/2.0 200 "), "the answer's bytes say so");
  Expect(answer.find("received=198.51.100.20") != std::string::npos, "Via shows the source");
  Expect(answer.find("<sip:alice@192.0.2.7:5060>;expires=600") != std::string::npos,
         "the answer lists the Contact");

  core::BindingPage page;
  location.Lookup(core::Aor::Parse("alice@example.com").value(), now, page);
  Expect(page.size() == 1, "alice has one contact");
  Expect(page[0].contact_uri == "sip:alice@192.0.2.7:5060", "it is the one she registered");
  Expect(page[0].SecondsLeft(now) == 600, "for ten minutes");

  core::RowPosition position;
  location.Read(core::BindingFilter::Ip("198.51.100.20").value(), now, 100, position, page);
  Expect(page.size() == 1 && page[0].aor == "alice@example.com", "alice is at that address");
  location.Lookup(core::Aor::Parse("alice@example.com").value(), now + absl::Seconds(600), page);
  Expect(page.size() == 0, "after ten minutes she is gone");
  std::puts("consumer: a REGISTER in, an answer out, and alice is found");
}
