#include "bench/message_generator.h"

#include <algorithm>

namespace muster::bench {

std::uint32_t MessageGenerator::Number(std::uint32_t min, std::uint32_t max) {
  return min + static_cast<std::uint32_t>(random_() % (max - min + 1));
}

std::string MessageGenerator::Token(std::uint32_t min_size, std::uint32_t max_size) {
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  std::string token(Number(min_size, max_size), '\0');
  for (char& c : token) c = kLetters[Number(0, sizeof(kLetters) - 2)];
  return token;
}

std::string MessageGenerator::HostLabel() {
  std::string label(Number(4, 12), '\0');
  for (char& c : label) c = static_cast<char>('a' + Number(0, 25));
  return label;
}

std::string MessageGenerator::Ipv4() {
  return "10." + std::to_string(Number(0, 255)) + "." + std::to_string(Number(0, 255)) + "." +
         std::to_string(Number(1, 254));
}

void MessageGenerator::Draw(MessageSize size, GeneratedMessage& message) {
  message.branch = "z9hG4bK" + Token(8, 24);
  message.via_host = Ipv4();
  message.from_tag = Token(6, 16);
  message.user = Number(0, 1) == 0 ? std::to_string(Number(1'000, 9'999'999)) : Token(3, 14);
  // A label with a letter in front, so that no host comes out as all digits.
  message.domain = "d" + std::to_string(Number(0, 99'999)) + ".example.com";
  message.call_id = Token(10, 30) + "@" + message.via_host;
  message.cseq = Number(1, 99'999);
  message.contact_expires_seconds = Number(60, 7'200);
  const std::string port = std::to_string(Number(1'024, 65'535));
  message.contact_uri = "sip:" + message.user + "@" + message.via_host + ":" + port;
  if (size == MessageSize::kSmall) return;
  message.contact_uri += ";transport=udp;ob";
  message.instance = "urn:uuid:00000000-0000-1000-8000-";
  for (int i = 0; i < 12; ++i) message.instance += "0123456789abcdef"[Number(0, 15)];
}

std::vector<std::string> MessageGenerator::RequiredFields(const GeneratedMessage& message) {
  const std::string aor = "<sip:" + message.user + "@" + message.domain + ">";
  return {"Via: SIP/2.0/UDP " + message.via_host + ":5060;branch=" + message.branch + ";rport",
          "Max-Forwards: 70",
          "From: " + aor + ";tag=" + message.from_tag,
          "To: " + aor,
          "Call-ID: " + message.call_id,
          "CSeq: " + std::to_string(message.cseq) + " REGISTER"};
}

std::string MessageGenerator::ContactField(MessageSize size, const GeneratedMessage& message) {
  std::string field = "Contact: <" + message.contact_uri + ">";
  if (size == MessageSize::kFat)
    field = "Contact: \"" + Token(4, 20) + "\" <" + message.contact_uri + ">;q=0.8";
  if (!message.instance.empty()) field += ";+sip.instance=\"<" + message.instance + ">\";reg-id=1";
  if (size == MessageSize::kFat) {
    field += ";audio;video;methods=\"INVITE,ACK,BYE,CANCEL,OPTIONS,INFO,UPDATE\";+g.3gpp.smsip";
  }
  return field + ";expires=" + std::to_string(message.contact_expires_seconds);
}

void MessageGenerator::AddPhoneFields(std::vector<std::string>& fields) {
  fields.push_back("User-Agent: Phone" + Token(3, 12) + "/" + std::to_string(Number(1, 99)) + ".0");
  fields.push_back("Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, OPTIONS, INFO, SUBSCRIBE");
  fields.push_back("Supported: path, outbound, gruu");
}

void MessageGenerator::AddFatFields(const GeneratedMessage& message,
                                    std::vector<std::string>& fields) {
  // Further Vias must follow the first: they ride in its line.
  for (int i = 0; i < 2; ++i) {
    fields.front() += ", SIP/2.0/TCP " + HostLabel() + ".example.net:5061;branch=z9hG4bK" +
                      Token(10, 30) + ";received=" + Ipv4();
  }
  fields.push_back("Path: <sip:" + Token(8, 24) +
                   "@edge.example.net;lr;ob>, <sip:core.example.net;lr>");
  fields.push_back("Authorization: Digest username=\"" + message.user + "\", realm=\"" +
                   message.domain + "\", nonce=\"" + Token(24, 40) +
                   "\", uri=\"sip:" + message.domain + "\", response=\"" + Token(32, 32) +
                   "\", algorithm=MD5, cnonce=\"" + Token(8, 16) + "\", qop=auth, nc=00000001");
  fields.push_back("Accept: application/sdp, application/reginfo+xml, message/sipfrag");
  fields.push_back("P-Access-Network-Info: IEEE-802.11; i-wlan-node-id=" + Token(12, 12));
  fields.push_back("X-Serial: " + Token(30, 90));
}

GeneratedMessage MessageGenerator::Next(MessageSize size, HeaderOrder order) {
  GeneratedMessage message;
  Draw(size, message);
  std::vector<std::string> fields = RequiredFields(message);
  fields.push_back(ContactField(size, message));
  if (size != MessageSize::kSmall) AddPhoneFields(fields);
  if (size == MessageSize::kFat) AddFatFields(message, fields);
  fields.push_back("Content-Length: 0");
  if (order == HeaderOrder::kShuffled) std::shuffle(fields.begin(), fields.end(), random_);
  message.header_count = fields.size();
  message.bytes = "REGISTER sip:" + message.domain + " SIP/2.0\r\n";
  for (const std::string& field : fields) message.bytes += field + "\r\n";
  message.bytes += "\r\n";
  return message;
}

std::vector<GeneratedMessage> MessageGenerator::Make(std::size_t count, MessageSize size,
                                                     HeaderOrder order) {
  std::vector<GeneratedMessage> messages;
  messages.reserve(count);
  for (std::size_t i = 0; i < count; ++i) messages.push_back(Next(size, order));
  return messages;
}

}  // namespace muster::bench
