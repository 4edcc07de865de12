#include "bench/load/register_writer.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace muster::bench {
namespace {

constexpr std::size_t kModels = 64;
constexpr std::uint64_t kFirstNumber = 1'000'000;

// SplitMix64: a bijection, so that what is made of all its bits is as distinct as the users.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

char* AppendHex(std::uint64_t value, int digits, char* out) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    *out++ = "0123456789abcdef"[(value >> shift) & 15];
  }
  return out;
}

char* AppendNumber(std::uint64_t value, char* out) {
  return std::to_chars(out, out + 20, value).ptr;
}

// The first eight letters hold a 40-bit bijection of the user: distinct up to 2^40 users.
char* AppendRandomName(std::uint64_t user, char* out) {
  constexpr char kLetters[] = "abcdefghijkmnpqrstuvwxyz23456789";
  std::uint64_t bits = (user * 0x9e3779b97f4a7c15) & ((std::uint64_t{1} << 40) - 1);
  for (int i = 0; i < 8; ++i, bits >>= 5) *out++ = kLetters[bits & 31];
  std::uint64_t more = Mix(user);
  for (std::uint64_t i = more & 7; i > 0; --i) *out++ = kLetters[(more >>= 5) & 31];
  return out;
}

char* AppendName(Names names, std::uint64_t user, char* out) {
  return names == Names::kNumeric ? AppendNumber(kFirstNumber + user, out)
                                  : AppendRandomName(user, out);
}

char* AppendAddress(std::uint64_t user, char* out) {
  *out++ = '1';
  *out++ = '0';
  for (int shift = 16; shift >= 0; shift -= 8) {
    *out++ = '.';
    out = AppendNumber((user >> shift) & 255, out);
  }
  return out;
}

constexpr std::string_view kUserAgents[] = {
    "Yealink SIP-T46U 108.86.0.90",  "PolycomVVX-VVX_411-UA/6.4.3.5814",
    "Cisco/SPA504G-7.6.2f",          "snomD785/10.1.184.15",
    "Grandstream GXP2170 1.0.11.64", "Acrobits Softphone/6.5.3 (iPhone; iOS 17.4.1; Scale/3.00)",
    "baresip v1.0.0 (x86_64/linux)", "Z 5.6.2 v2.10.19.9",
};

constexpr std::string_view kAllows[] = {
    "INVITE, ACK, OPTIONS, CANCEL, BYE, UPDATE, REFER, NOTIFY, INFO, MESSAGE, SUBSCRIBE, PRACK",
    "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER",
    "INVITE,ACK,BYE,CANCEL,OPTIONS,NOTIFY,REFER,UPDATE",
    "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER",
};

constexpr std::string_view kSupported[] = {"path, gruu, outbound", "replaces, path, eventlist",
                                           "gruu", "100rel, replaces, timer, path"};

// The header fields of a model between Via and the body, {} marks what Write fills in.
std::vector<std::string> HeaderFields(std::size_t model, const std::string& domain) {
  const std::string aor = "<sip:{user}@" + domain + ">";
  return {
      "Max-Forwards: 70",
      "From: " + std::string(model % 3 == 0 ? "\"Desk {user}\" " : "") + aor + ";tag={tag}",
      "To: " + aor,
      model % 4 == 0 ? "Call-ID: {call-id@host}" : "Call-ID: {call-id}",
      "CSeq: {cseq}",
      "Contact: <{contact-uri}>;+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-{mac}>\"" +
          std::string(model % 5 == 0 ? ";reg-id=1" : ""),
      "Expires: 3600",
      "User-Agent: " + std::string(kUserAgents[model % 8]),
      "Allow: " + std::string(kAllows[model / 3 % 4]),
      "Supported: " + std::string(kSupported[model / 5 % 4]),
  };
}

// Half of the models keep the usual order; the others have it rotated and swapped about.
std::string ModelText(std::size_t model, const std::string& domain) {
  std::vector<std::string> fields = HeaderFields(model, domain);
  if (model % 2 == 1) {
    for (std::size_t i = fields.size() - 1; i > 0; --i) {
      std::swap(fields[i], fields[Mix(model * fields.size() + i) % (i + 1)]);
    }
  }
  std::string text = "REGISTER sip:" + domain + " SIP/2.0\r\nVia: SIP/2.0/UDP {host}:5060;";
  text += model % 3 == 1 ? "rport;branch={branch}\r\n" : "branch={branch};rport\r\n";
  for (const std::string& field : fields) text += field + "\r\n";
  return text + "Content-Length: 0\r\n\r\n";
}

}  // namespace

struct RegisterWriter::Identity {
  Names names;
  std::uint64_t user;
  std::uint64_t mixed;  // of the user: what its tag and Call-ID are made of
  std::uint32_t cseq;
  std::uint64_t branch;
};

std::string UserName(Names names, std::uint64_t user) {
  char name[32];
  return {name, AppendName(names, user, name)};
}

RegisterWriter::RegisterWriter(Names names, const std::string& domain) : names_(names) {
  for (std::size_t model = 0; model < kModels; ++model) {
    models_.push_back(ParseModel(ModelText(model, domain)));
  }
}

RegisterWriter::Model RegisterWriter::ParseModel(std::string_view text) {
  constexpr std::pair<std::string_view, Field> kFields[] = {
      {"{user}", Field::kUser},
      {"{host}", Field::kHost},
      {"{tag}", Field::kTag},
      {"{mac}", Field::kMac},
      {"{branch}", Field::kBranch},
      {"{call-id}", Field::kCallId},
      {"{cseq}", Field::kCSeq},
      {"{call-id@host}", Field::kCallIdAtHost},
      {"{contact-uri}", Field::kContactUri},
  };
  Model model;
  while (!text.empty()) {
    Piece piece;
    const std::size_t brace = text.find('{');
    piece.literal = text.substr(0, brace);
    text.remove_prefix(std::min(brace, text.size()));
    for (const auto& [name, field] : kFields) {
      if (!text.starts_with(name)) continue;
      piece.field = field;
      text.remove_prefix(name.size());
      break;
    }
    model.push_back(std::move(piece));
  }
  return model;
}

void RegisterWriter::WriteField(Field field, const Identity& identity, RegisterText& out) {
  char* const begin = out.bytes.data() + out.size;
  char* end = begin;
  const auto append = [&end](std::string_view text) {
    std::memcpy(end, text.data(), text.size());
    end += text.size();
  };
  switch (field) {
    case Field::kNone:
      break;
    case Field::kUser:
      end = AppendName(identity.names, identity.user, end);
      break;
    case Field::kHost:
      end = AppendAddress(identity.user, end);
      break;
    case Field::kTag:
      end = AppendHex(identity.mixed >> 24, 10, end);
      break;
    case Field::kMac:
      end = AppendHex(0x0004'f200'0000 + identity.user, 12, end);
      break;
    case Field::kBranch:
      append("z9hG4bK");
      end = AppendHex(identity.branch, 16, end);
      out.branch = {begin, end};
      break;
    case Field::kCallId:
      end = AppendHex(identity.mixed, 16, end);
      out.call_id = {begin, end};
      break;
    case Field::kCallIdAtHost:
      end = AppendHex(identity.mixed, 16, end);
      *end++ = '@';
      end = AppendAddress(identity.user, end);
      out.call_id = {begin, end};
      break;
    case Field::kCSeq:
      end = AppendNumber(identity.cseq, end);
      append(" REGISTER");
      out.cseq = {begin, end};
      break;
    case Field::kContactUri:
      append("sip:");
      end = AppendName(identity.names, identity.user, end);
      *end++ = '@';
      end = AppendAddress(identity.user, end);
      append(":5060;transport=udp");
      out.contact_uri = {begin, end};
      break;
  }
  out.size += static_cast<std::size_t>(end - begin);
}

void RegisterWriter::Write(std::uint64_t user, std::uint32_t cseq, std::uint64_t branch,
                           RegisterText& out) const {
  const Identity identity{names_, user, Mix(user), cseq, branch};
  out.size = 0;
  for (const Piece& piece : models_[identity.mixed % kModels]) {
    std::memcpy(out.bytes.data() + out.size, piece.literal.data(), piece.literal.size());
    out.size += piece.literal.size();
    WriteField(piece.field, identity, out);
  }
}

}  // namespace muster::bench
