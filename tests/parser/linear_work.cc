// Parses the worst shapes, each in three sizes that double, for linear_work_test.py, which counts
// the instructions spent inside MeasuredWork. Prints a line for each call, "SHAPE WORK SIZE", in
// their order.

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "muster/parser/digest.h"
#include "muster/parser/event.h"
#include "muster/parser/header_values.h"
#include "muster/parser/information.h"
#include "muster/parser/media_type.h"
#include "muster/parser/stream_framer.h"
#include "muster/parser/writer.h"

namespace muster::parser {
namespace {

constexpr std::size_t kPieceBytes = 32;
// The first of three sizes: the last is below kMaxMessageBytes, and kMaxHeaderSectionBytes. Of the
// parser's two ways, by bytes and by the index of ByteIndex::kMaxBytes, one is taken for all three.
constexpr std::size_t kDatagramBytes = 15'000;
constexpr std::size_t kStreamBytes = 7'500;
constexpr std::size_t kIndexedBytes = 1'700;
constexpr std::size_t kValueBytes = 1'700;
constexpr std::size_t kBodyBytes = kMaxBodyBytes / 4;

Message message;
std::array<char, 80'000> buffer;

void Datagram(std::string_view bytes) { ParseMessage(bytes, Framing::kDatagram, message); }

// All frames of a stream that comes in pieces of `piece` bytes.
void Frames(std::string_view bytes, std::size_t piece) {
  StreamFramer framer;
  std::size_t consumed = 0, received = 0;
  while (received < bytes.size()) {
    received = std::min(bytes.size(), received + piece);
    for (;;) {
      const Frame frame = framer.Next(bytes.substr(consumed, received - consumed), message);
      if (frame.kind == FrameKind::kMalformed) return;
      if (frame.kind == FrameKind::kNeedMore) break;
      consumed += frame.size;
    }
  }
}

void Stream(std::string_view bytes) { Frames(bytes, bytes.size()); }
void Pieces(std::string_view bytes) { Frames(bytes, kPieceBytes); }

// The readers of what ParseMessage leaves raw.
void OnDemand(std::string_view value) {
  ParseError error;
  DigestCredentials credentials;
  DigestChallenge challenge;
  AuthenticationInfo authentication_info;
  Event event;
  SubscriptionState state;
  std::int64_t unix_seconds;
  RetryAfter retry_after;
  Urn urn;
  ParseDigestCredentials(value, credentials, error);
  ParseDigestChallenge(value, challenge, error);
  ParseAuthenticationInfo(value, authentication_info, error);
  ParseEvent(value, event, error);
  ParseSubscriptionState(value, state, error);
  ParseDate(value, unix_seconds, error);
  ParseRetryAfter(value, retry_after, error);
  ParseUrn(value, urn, error);
  NameAddr address;
  for (AddressListReader reader(value); reader.Next(address);) {
  }
  MediaType media_type;
  for (MediaRangeReader reader(value); reader.Next(media_type);) {
  }
  Warning warning;
  for (WarningReader reader(value); reader.Next(warning);) {
  }
  Product product;
  for (ProductReader reader(value); reader.Next(product);) {
  }
}

// Every other reader of a value, and the writer.
void Values(std::string_view value) {
  NameAddr address;
  Contact contact;
  Via via;
  Uri uri;
  Credentials credentials;
  ParseError error;
  ParseNameAddr(value, address, error);
  ParseContact(value, contact, error);
  ParseVia(value, via, error);
  ParseUri(value, uri, error);
  ParseCredentials(value, credentials, error);
  credentials.params = value;
  FindAuthParameter(credentials, "none");
  FindParameter(value, "none");
  ListReader reader(value);
  for (std::string_view item; reader.Next(item);) {
  }
  ExpiresFrom(value);
  Unquote(value, buffer.data());
  Unescape(value, buffer.data());
  Writer writer(buffer);
  writer.Header("X", value);
}

// Work that is quadratic: the test must see it.
void Quadratic(std::string_view value) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < value.size(); i += 64) {
    for (const char c : value.substr(i)) sum += static_cast<unsigned char>(c);
  }
  buffer[0] = static_cast<char>(sum);
}

using Work = void (*)(std::string_view);

}  // namespace

// Its name is what the instructions are counted by.
extern "C" [[gnu::noinline]] void MeasuredWork(Work work, const char* bytes, std::size_t size) {
  work({bytes, size});
}

namespace {

using Shape = std::function<std::string(std::size_t)>;

void Measure(const std::string& name, const char* work_name, Work work, std::size_t size,
             const Shape& shape) {
  for (const std::size_t bytes : {size, 2 * size, 4 * size}) {
    const std::string input = shape(bytes);
    std::printf("%s\t%s\t%zu\n", name.c_str(), work_name, bytes);
    MeasuredWork(work, input.data(), input.size());
  }
}

void MeasureMessage(const std::string& name, const Shape& shape) {
  Measure(name, "datagram", Datagram, kDatagramBytes, shape);
  Measure(name, "stream", Stream, kStreamBytes, shape);
  Measure(name, "pieces", Pieces, kStreamBytes, shape);
}

std::string Repeated(std::string_view unit, std::size_t bytes) {
  std::string all;
  all.reserve(bytes + unit.size());
  while (all.size() < bytes) all += unit;
  return all;
}

// For a line of the output.
std::string Printable(std::string_view text) {
  std::string printable;
  for (const char c : text) {
    char escape[5];
    std::snprintf(escape, sizeof(escape), "\\x%02X", static_cast<unsigned char>(c));
    printable += c > ' ' && c < 0x7F ? std::string(1, c) : escape;
  }
  return printable;
}

std::string WithLines(const std::string& lines, std::size_t body_bytes = 0) {
  return "REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
         "To: <sip:a@h>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: " +
         std::to_string(body_bytes) + "\r\n" + lines + "\r\n" + std::string(body_bytes, '\n');
}

// What may be repeated in a value to a parser's harm.
const std::vector<std::string> kUnits = {",",
                                         ";",
                                         "\r\n ",
                                         " ",
                                         "\"",
                                         "\"\" ",
                                         "\"\",",
                                         "\"\\",
                                         "\\",
                                         "<",
                                         "<>",
                                         ">",
                                         "%",
                                         "%41",
                                         "=",
                                         ":",
                                         "@",
                                         "/",
                                         "[",
                                         "(",
                                         "*",
                                         "a",
                                         "9",
                                         ".",
                                         "a.",
                                         "a ",
                                         "a,",
                                         ";p",
                                         ";p=\"\"",
                                         ";p=x",
                                         "&a=",
                                         "\x80",
                                         "a=b,",
                                         "sip:a@h,",
                                         "\t",
                                         "a:",
                                         "<sip:h>",
                                         "\"a\"",
                                         "<sip:h>,",
                                         "SIP/2.0/UDP h,",
                                         std::string(1, '\0')};

// What the units follow, by header field.
struct Start {
  const char* name;
  const char* value;
};
constexpr Start kStarts[] = {{"Contact", ""},
                             {"Contact", "<sip:a@h>"},
                             {"Contact", "\""},
                             {"Contact", "<sip:"},
                             {"Contact", "sip:a@h;"},
                             {"Contact", "<sip:a@h;a"},
                             {"Contact", "<sip:h?a="},
                             {"From", ""},
                             {"To", "\"a\" <sip:a@h>;a=\""},
                             {"Via", ""},
                             {"Via", "SIP/2.0/UDP h"},
                             {"Via", "SIP/2.0/UDP h:"},
                             {"Path", "<sip:a@h>"},
                             {"Route", "<sip:a@h>"},
                             {"Call-ID", ""},
                             {"CSeq", "1"},
                             {"Expires", ""},
                             {"Content-Length", ""},
                             {"Supported", ""},
                             {"Authorization", "Digest a="},
                             {"X", ""}};

// Each value in its field, and read by each reader of values.
void MeasureValues() {
  for (const Start& start : kStarts) {
    for (const std::string& unit : kUnits) {
      const auto value = [&](std::size_t bytes) { return start.value + Repeated(unit, bytes); };
      const auto in_message = [&](std::size_t bytes) {
        return WithLines(std::string(start.name) + ": " + value(bytes) + "\r\n");
      };
      const std::string name =
          std::string(start.name) + ": " + start.value + " and many " + Printable(unit);
      Measure(name, "datagram", Datagram, kValueBytes, in_message);
      // A value alone is the same in each field, and so is the cutting of a stream.
      const bool plain = std::string_view(start.name) == "X";
      if (plain || *start.value != '\0') {
        Measure(name, "values", Values, kValueBytes, value);
        Measure(name, "on demand", OnDemand, kValueBytes, value);
      }
      if (plain) Measure(name, "pieces", Pieces, kStreamBytes, in_message);
    }
  }
}

void MeasureLines() {
  const std::vector<std::string> lines = {"x\r\n",
                                          ":\r\n",
                                          "X: y\r\n",
                                          "X:\r\n",
                                          "X: a\r\n b\r\n",
                                          "X: \r\n \r\n",
                                          "x\n",
                                          "x\r",
                                          "Call-ID: 1\r\n",
                                          "m: <sip:a@h>\r\n",
                                          "m: *\r\n",
                                          "v: x\r\n",
                                          "Path: x\r\n",
                                          "Content-Length: 0\r\n",
                                          "X: \"\\\r\n",
                                          std::string("X: \0\r\n", 6),
                                          "v: SIP/2.0/UDP h\r\n",
                                          "Path: <sip:h>\r\n"};
  for (const std::string& line : lines) {
    MeasureMessage("many lines " + Printable(line),
                   [&](std::size_t bytes) { return WithLines(Repeated(line, bytes)); });
  }
  for (const std::string& unit : kUnits) {
    const std::string name = "start line of many " + Printable(unit);
    MeasureMessage(name, [&](std::size_t bytes) { return Repeated(unit, bytes); });
    const auto uri = [&](std::size_t bytes) {
      return "REGISTER sip:" + Repeated(unit, bytes) + " SIP/2.0\r\n\r\n";
    };
    MeasureMessage(name + " in a URI", uri);
    Measure(name + " in a URI", "indexed", Datagram, kIndexedBytes, uri);
  }
  MeasureMessage("line ends", [](std::size_t bytes) { return Repeated("\r\n", bytes); });
  MeasureMessage("glued messages",
                 [](std::size_t bytes) { return Repeated(WithLines("m: <sip:a@h>\r\n"), bytes); });
  Measure("body", "pieces", Pieces, kBodyBytes,
          [](std::size_t bytes) { return WithLines("", bytes); });
}

// As much as the limits let pass, of a quarter of each limit, of the half and of all of it.
void MeasureLimits() {
  const auto lines = [](std::string_view line, std::size_t count) {
    return WithLines(Repeated(line, count * line.size()));
  };
  const auto counted = [](const char* name, std::size_t limit, const Shape& shape) {
    Measure(name, "datagram", Datagram, limit / 4, shape);
    Measure(name, "pieces", Pieces, limit / 4, shape);
  };
  // Seven are there.
  counted("headers", kMaxHeaders - 8, [&](std::size_t n) { return lines("X: y\r\n", n); });
  counted("contacts", kMaxContacts,
          [&](std::size_t n) { return lines("m: <sip:a@h;a;b;c>;a;b;c\r\n", n); });
  counted("Vias", kMaxListValues - 4, [](std::size_t n) {
    return WithLines("v: " + Repeated("SIP/2.0/UDP h;a;b,", 18 * n) + "SIP/2.0/UDP h\r\n");
  });
  counted("Paths", kMaxListValues - 4, [](std::size_t n) {
    return WithLines("Path: " + Repeated("<sip:a@h;a>,", 12 * n) + "<sip:h>\r\n");
  });
  const auto contacts_with = [&lines](const std::string& uri, const std::string& parameters) {
    return lines("m: <" + uri + ">" + parameters + "\r\n", kMaxContacts);
  };
  counted("parameters", kMaxParameters,
          [&](std::size_t n) { return contacts_with("sip:a@h", Repeated(";p=x", 4 * n)); });
  counted("URI parameters", kMaxUriParameters,
          [&](std::size_t n) { return contacts_with("sip:a@h" + Repeated(";p=x", 4 * n), ""); });
  counted("URI headers", kMaxUriParameters, [&](std::size_t n) {
    return contacts_with("sip:a@h?b=" + Repeated("&a=x", 4 * (n - 1)), "");
  });
  counted("URI bytes", kMaxUriBytes / 2,
          [&](std::size_t n) { return contacts_with("sip:" + std::string(n, 'a') + "@h", ""); });
}

void MeasureAll() {
  Measure("control", "quadratic", Quadratic, kValueBytes,
          [](std::size_t bytes) { return std::string(bytes, 'x'); });
  MeasureValues();
  MeasureLines();
  MeasureLimits();
}

}  // namespace
}  // namespace muster::parser

int main() { muster::parser::MeasureAll(); }
