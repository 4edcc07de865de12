#include "bench/parsers/parsed_register.h"
#include "bench/parsers/parser_under_test.h"
#include "muster/parser/message.h"

namespace muster::bench {
namespace {

struct Form {
  static std::string_view View(std::string_view text) { return text; }
  static std::string Copy(std::string_view uri) { return std::string(uri); }
};

class MusterParser final : public ParserUnderTest {
 public:
  bool Parse(std::string_view bytes) override {
    const parser::ParseResult result =
        parser::ParseMessage(bytes, parser::Framing::kDatagram, message_);
    if (result.outcome != parser::ParseOutcome::kComplete) return false;
    parsed_.method = message_.method_text;
    parsed_.request_uri = message_.request_uri.text;
    parsed_.via_host = message_.top_via.host;
    parsed_.via_port = message_.top_via.port;
    parsed_.via_branch = message_.top_via.branch;
    parsed_.from = {message_.from.uri.user, message_.from.uri.host, message_.from_tag};
    parsed_.to = {message_.to.uri.user, message_.to.uri.host, message_.to_tag};
    parsed_.call_id = message_.call_id;
    parsed_.cseq_number = message_.cseq.number;
    parsed_.cseq_method = message_.cseq.method_text;
    parsed_.expires = message_.has_expires ? message_.expires_seconds : 0;
    return TakeContacts();
  }

  void Release() override {}
  RegisterValues values() const override { return CopyOf<Form>(parsed_); }

 private:
  using Parsed = ParsedRegister<std::string_view, std::string_view, std::uint32_t, std::uint32_t>;

  bool TakeContacts() {
    if (message_.contacts().size() > Parsed::kMaxContacts) return false;
    parsed_.contact_count = 0;
    for (const parser::Contact& contact : message_.contacts()) {
      parsed_.contacts[parsed_.contact_count++] = {
          .uri = contact.address.uri.text,
          .q = contact.q_thousandths,
          .expires = contact.has_expires ? contact.expires_seconds : 0,
          .instance = contact.instance,
          .reg_id = contact.reg_id};
    }
    return true;
  }

  parser::Message message_;
  Parsed parsed_;
};

}  // namespace

std::unique_ptr<ParserUnderTest> MakeMusterParser() { return std::make_unique<MusterParser>(); }

}  // namespace muster::bench
