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

std::string MessageGenerator::HexDigits(std::size_t size) {
  std::string digits(size, '\0');
  for (char& c : digits) c = "0123456789abcdef"[Number(0, 15)];
  return digits;
}

std::string MessageGenerator::User() {
  return OnceIn(2) ? std::to_string(Number(1'000, 9'999'999)) : Token(3, 14);
}

// A label with a letter in front, so that no host comes out as all digits.
std::string MessageGenerator::Domain() {
  return "d" + std::to_string(Number(0, 99'999)) + ".example.com";
}

RegisterValues MessageGenerator::Draw(MessageSize size) {
  RegisterValues values;
  values.method = values.cseq_method = "REGISTER";
  values.via_host = Ipv4();
  values.via_port = Number(1'024, 65'535);
  values.via_branch = "z9hG4bK" + Token(8, 24);
  values.to = {User(), Domain(), ""};
  // Some phones keep the tag of the answer before, and some are registered by somebody else
  // (RFC 3261 10.2): a parser that takes From for To is found out.
  if (OnceIn(4)) values.to.tag = Token(6, 16);
  values.from = values.to;
  if (OnceIn(4)) values.from = {User(), Domain(), ""};
  values.from.tag = Token(6, 16);
  values.request_uri = "sip:" + values.to.host;
  values.call_id = Token(10, 30);
  if (size != MessageSize::kSmall) values.call_id += "@" + values.via_host;
  values.cseq_number = Number(1, 99'999);
  values.expires_seconds = Number(60, 7'200);
  const std::uint32_t contacts = size == MessageSize::kFat ? Number(2, 3) : 1;
  for (std::uint32_t i = 0; i < contacts; ++i) values.contacts.push_back(DrawContact(size, values));
  return values;
}

ContactValues MessageGenerator::DrawContact(MessageSize size, const RegisterValues& values) {
  ContactValues contact;
  // A phone has one instance and a reg-id for each of its flows (RFC 5626 4.2).
  const std::vector<ContactValues>& earlier = values.contacts;
  const std::string host = earlier.empty() ? values.via_host : Ipv4();
  contact.uri = "sip:" + values.to.user + "@" + host + ":" + std::to_string(Number(1'024, 65'535));
  contact.expires_seconds = Number(60, 7'200);
  if (OnceIn(size == MessageSize::kFat ? 2 : 4)) contact.q_thousandths = Number(1, 999);
  if (size == MessageSize::kSmall) return contact;
  contact.uri += ";transport=udp;ob";
  if (!earlier.empty() && OnceIn(2)) return contact;
  contact.instance = "urn:uuid:" + HexDigits(8) + "-" + HexDigits(4) + "-" + HexDigits(4) + "-" +
                     HexDigits(4) + "-" + HexDigits(12);
  contact.reg_id = Number(1, 20);
  return contact;
}

std::vector<std::string> MessageGenerator::RequiredFields(const RegisterValues& values) {
  const auto address = [](const AddressValues& of) {
    const std::string uri = "<sip:" + of.user + "@" + of.host + ">";
    return of.tag.empty() ? uri : uri + ";tag=" + of.tag;
  };
  return {"Via: SIP/2.0/UDP " + values.via_host + ":" + std::to_string(values.via_port) +
              ";branch=" + values.via_branch + ";rport",
          "Max-Forwards: 70",
          "From: " + address(values.from),
          "To: " + address(values.to),
          "Call-ID: " + values.call_id,
          "CSeq: " + std::to_string(values.cseq_number) + " " + values.cseq_method,
          "Expires: " + std::to_string(values.expires_seconds)};
}

std::string MessageGenerator::ContactText(MessageSize size, const ContactValues& contact) {
  std::string text = "<" + contact.uri + ">";
  if (size == MessageSize::kFat) text = "\"" + Token(4, 20) + "\" " + text;
  if (contact.q_thousandths != kDefaultQThousandths) {
    std::string digits = std::to_string(1'000 + contact.q_thousandths).substr(1);
    while (digits.back() == '0') digits.pop_back();
    text += ";q=0." + digits;
  }
  if (!contact.instance.empty()) {
    text +=
        ";+sip.instance=\"<" + contact.instance + ">\";reg-id=" + std::to_string(contact.reg_id);
  }
  return text;
}

// All Contacts as one piece, so that shuffling keeps their order: a comma list or a field each.
std::string MessageGenerator::ContactFields(MessageSize size,
                                            const std::vector<ContactValues>& contacts) {
  const std::string separator = OnceIn(2) ? ", " : "\r\nContact: ";
  std::string fields = "Contact: ";
  for (const ContactValues& contact : contacts) {
    if (&contact != &contacts.front()) fields += separator;
    fields += ContactText(size, contact);
    if (size == MessageSize::kFat && &contact == &contacts.front()) {
      fields += ";audio;video;methods=\"INVITE,ACK,BYE,CANCEL,OPTIONS,INFO,UPDATE\";+g.3gpp.smsip";
    }
    fields += ";expires=" + std::to_string(contact.expires_seconds);
  }
  return fields;
}

void MessageGenerator::AddPhoneFields(std::vector<std::string>& fields) {
  fields.push_back("User-Agent: Phone" + Token(3, 12) + "/" + std::to_string(Number(1, 99)) + ".0");
  fields.push_back("Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, OPTIONS, INFO, SUBSCRIBE");
  fields.push_back("Supported: path, outbound, gruu");
}

void MessageGenerator::AddFatFields(const RegisterValues& values,
                                    std::vector<std::string>& fields) {
  // Further Vias must follow the first: they ride in its line.
  for (int i = 0; i < 2; ++i) {
    fields.front() += ", SIP/2.0/TCP " + HostLabel() + ".example.net:5061;branch=z9hG4bK" +
                      Token(10, 30) + ";received=" + Ipv4();
  }
  fields.push_back("Path: <sip:" + Token(8, 24) +
                   "@edge.example.net;lr;ob>, <sip:core.example.net;lr>");
  fields.push_back("Authorization: Digest username=\"" + values.to.user + "\", realm=\"" +
                   values.to.host + "\", nonce=\"" + Token(24, 40) + "\", uri=\"" +
                   values.request_uri + "\", response=\"" + Token(32, 32) +
                   "\", algorithm=MD5, cnonce=\"" + Token(8, 16) + "\", qop=auth, nc=00000001");
  fields.push_back("Accept: application/sdp, application/reginfo+xml, message/sipfrag");
  fields.push_back("P-Access-Network-Info: IEEE-802.11; i-wlan-node-id=" + Token(12, 12));
  fields.push_back("X-Serial: " + Token(30, 90));
}

GeneratedMessage MessageGenerator::Next(MessageSize size, HeaderOrder order) {
  GeneratedMessage message;
  message.values = Draw(size);
  std::vector<std::string> fields = RequiredFields(message.values);
  fields.push_back(ContactFields(size, message.values.contacts));
  if (size != MessageSize::kSmall) AddPhoneFields(fields);
  if (size == MessageSize::kFat) AddFatFields(message.values, fields);
  fields.push_back("Content-Length: 0");
  if (order == HeaderOrder::kShuffled) std::shuffle(fields.begin(), fields.end(), random_);
  message.bytes = "REGISTER " + message.values.request_uri + " SIP/2.0\r\n";
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
