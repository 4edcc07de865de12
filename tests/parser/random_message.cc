#include "random_message.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace muster::parser::test {
namespace {

class MessageGenerator {
 public:
  explicit MessageGenerator(std::mt19937& random) : random_(random) {}

  std::string Message() {
    const std::string body = Body();
    std::vector<std::string> fields = Fields();
    fields.push_back(Either("Content-Length", "l") + ":" + Space() + std::to_string(body.size()));
    std::shuffle(fields.begin(), fields.end(), random_);
    std::string text = "REGISTER " + Uri(false) + " SIP/2.0\r\n";
    for (const std::string& field : fields) text += field + "\r\n";
    return text + "\r\n" + body;
  }

 private:
  std::size_t Below(std::size_t count) { return random_() % count; }
  std::string Either(std::string_view a, std::string_view b) {
    return std::string(Below(2) == 0 ? a : b);
  }

  // LWS: none, some, or a fold.
  std::string Space() {
    constexpr std::string_view kSpaces[] = {"", " ", "\t", "\r\n ", " \r\n\t "};
    return std::string(kSpaces[Below(5)]);
  }

  std::string Token() {
    constexpr std::string_view kLetters = "abcXYZ019-.!%*_+`'~";
    std::string token;
    for (std::size_t size = 1 + Below(12); size != 0; --size) {
      token += kLetters[Below(kLetters.size())];
    }
    return token;
  }

  std::string Quoted() {
    const std::string_view pieces[] = {"a", " ", ",",    ";",    "<",     ">",        "=",
                                       ":", "@", "\\\"", "\\\\", "\r\n ", "\xC3\xA4", "x"};
    std::string quoted = "\"";
    for (std::size_t count = Below(10); count != 0; --count) {
      quoted += pieces[Below(std::size(pieces))];
    }
    return quoted + "\"";
  }

  std::string Host() {
    constexpr std::string_view kHosts[] = {"example.com", "192.0.2.1", "[2001:db8::1]",
                                           "[::ffff:192.0.2.1]", "under_score.example."};
    return std::string(kHosts[Below(5)]) + (Below(2) == 0 ? "" : ":5060");
  }

  std::string Uri(bool headers) {
    constexpr std::string_view kUsers[] = {"", "alice@", "a;b%20c@", "alice:secret@", "+1(555)@"};
    std::string uri = Either("sip:", "SIPS:") + std::string(kUsers[Below(5)]) + Host();
    if (Below(2) == 0) uri += ";transport=tcp;lr;x=%41";
    if (headers && Below(3) == 0) uri += "?Subject=a%20b&y=";
    return uri;
  }

  std::string Parameter() {
    std::string name = Space() + ";" + Space() + "p" + std::to_string(Below(1'000));
    if (Below(3) == 0) return name;
    return name + Space() + "=" + Space() + (Below(2) == 0 ? Quoted() : Token());
  }

  std::string Parameters() {
    std::string all;
    for (std::size_t count = Below(3); count != 0; --count) all += Parameter();
    return all;
  }

  std::string Address() {
    std::string name = Space();
    if (Below(2) == 0) name = Below(2) == 0 ? Quoted() + Space() : "Mr. " + Space() + "Watson ";
    return name + "<" + Uri(true) + ">" + Parameters();
  }

  std::string Via() {
    return "SIP" + Space() + "/" + Space() + "2.0" + Space() + "/" + Space() +
           Either("UDP", "TCP") + " " + Host() + Space() + ";branch=z9hG4bK" +
           std::to_string(Below(1'000'000)) + Either(";rport", ";received=2001:db8::9") +
           Parameters();
  }

  template <typename Value>
  std::string List(Value value) {
    std::string list = value();
    for (std::size_t count = Below(3); count != 0; --count) {
      list += Space() + "," + Space() + value();
    }
    return list;
  }

  std::string AddressList() {
    return List([this] { return Address(); });
  }
  std::string TokenList() {
    return List([this] { return Token(); });
  }
  std::string Digest() {
    return "Digest username=" + Quoted() + Space() + "," + Space() + "nonce=\"84a4=\", qop=auth";
  }

  std::vector<std::string> Fields() {
    return {
        Either("Via", "v") + ":" + Space() + List([this] { return Via(); }),
        Either("VIA ", "V\t") + ":" + Space() + Via(),
        Either("From", "f") + ":" + Space() + Address() + ";tag=1928301774",
        Either("To", "t") + ":" + Space() + Address(),
        Either("Call-ID", "i") + ":" + Space() + Token() + "@" + Token(),
        "CSeq:" + Space() + "4711 " + Space() + "REGISTER",
        Either("Contact", "m") + ":" + Space() + AddressList() + ";q=0.5;expires=60",
        "Contact:" + Space() + "sip:alice@192.0.2.7;reg-id=1;+sip.instance=\"<urn:uuid:0-A>\"",
        "Path:" + Space() + AddressList(),
        "Route:" + Space() + AddressList(),
        "Record-Route:" + Space() + AddressList(),
        "Service-Route:" + Space() + AddressList(),
        "Expires:" + Space() + "7200",
        "Min-Expires:" + Space() + "60",
        "Max-Forwards:" + Space() + "70",
        Either("Supported", "k") + ":" + Space() + TokenList(),
        "Require:" + Space() + TokenList(),
        "Proxy-Require:" + Space() + TokenList(),
        "Unsupported:" + Space() + TokenList(),
        "Allow:" + Space() + TokenList(),
        "Accept:" + Space() + "application/sdp;level=1, text/*",
        Either("Event", "o") + ":" + Space() + "reg",
        Either("Content-Type", "c") + ":" + Space() + "text/plain;charset=" + Quoted(),
        "Authorization:" + Space() + Digest(),
        "Proxy-Authorization:" + Space() + Digest(),
        "WWW-Authenticate:" + Space() + Digest(),
        "Proxy-Authenticate:" + Space() + Digest(),
        "Date:" + Space() + "Sat, 13 Nov 2010 23:29:00 GMT",
        "Retry-After:" + Space() + "18000;duration=3600",
        "User-Agent:" + Space() + "Phone/1.0 (" + Token() + ")",
        "Server:" + Space() + Token(),
        "Warning:" + Space() + "370 example.com " + Quoted(),
        Either("Subject", "s") + ":" + Space() + "a" + Space() + ":b,,;" + Space(),
        "X-Unknown-" + Token() + ":" + Space() + Quoted(),
    };
  }

  // With what would be line ends and messages outside a body.
  std::string Body() {
    const std::string_view pieces[] = {"\r\n", "\n", "a", "\r\n\r\n", "SIP/2.0", "\"", "REGISTER "};
    std::string body;
    for (std::size_t count = Below(12); count != 0; --count) {
      body += pieces[Below(std::size(pieces))];
    }
    return body;
  }

  std::mt19937& random_;
};

}  // namespace

std::string RandomMessage(std::mt19937& random) { return MessageGenerator(random).Message(); }

}  // namespace muster::parser::test
