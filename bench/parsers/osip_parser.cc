#include <osipparser2/osip_parser.h>

#include "bench/parsers/parsed_register.h"
#include "bench/parsers/parser_under_test.h"

namespace muster::bench {
namespace {

struct Form {
  static std::string_view View(const char* text) { return text == nullptr ? "" : text; }
  static std::string Copy(const osip_uri_t* uri) {
    char* text = nullptr;
    osip_uri_to_str(uri, &text);
    std::string copy(View(text));
    osip_free(text);
    return copy;
  }
};

// oSIP asks for the names of parameters as char*, but does not write to them.
const char* Value(osip_list_t& parameters, const char* name) {
  osip_generic_param_t* parameter = nullptr;
  osip_generic_param_get_byname(&parameters, const_cast<char*>(name), &parameter);
  return parameter == nullptr ? nullptr : parameter->gvalue;
}

/// As its transaction layer does for a datagram: a message for each, made of copies.
class OsipParser final : public ParserUnderTest {
 public:
  OsipParser() { parser_init(); }

  bool Parse(std::string_view bytes) override {
    if (osip_message_init(&message_) != 0 ||
        osip_message_parse(message_, bytes.data(), bytes.size()) != 0) {
      return false;
    }
    if (message_->req_uri == nullptr || message_->from == nullptr || message_->to == nullptr ||
        message_->call_id == nullptr || message_->cseq == nullptr) {
      return false;
    }
    parsed_.method = osip_message_get_method(message_);
    parsed_.request_uri = osip_message_get_uri(message_);
    parsed_.from = TakeAddress(osip_message_get_from(message_));
    parsed_.to = TakeAddress(osip_message_get_to(message_));
    // Call-ID is split at its '@'.
    parsed_.call_id = message_->call_id->number;
    call_id_host_ = message_->call_id->host;
    parsed_.cseq_number = message_->cseq->number;
    parsed_.cseq_method = message_->cseq->method;
    osip_header_t* expires = nullptr;
    osip_message_header_get_byname(message_, "expires", 0, &expires);
    parsed_.expires = expires == nullptr ? nullptr : expires->hvalue;
    return TakeVia() && TakeContacts();
  }

  void Release() override {
    osip_message_free(message_);
    message_ = nullptr;
  }

  RegisterValues values() const override {
    RegisterValues values = CopyOf<Form>(parsed_);
    if (call_id_host_ != nullptr) values.call_id += std::string("@") + call_id_host_;
    return values;
  }

 private:
  using Parsed = ParsedRegister<const char*, const osip_uri_t*, const char*, const char*>;

  static Parsed::Address TakeAddress(osip_from_t* address) {
    const osip_uri_t* uri = osip_from_get_url(address);
    return {uri->username, uri->host, Value(address->gen_params, "tag")};
  }

  bool TakeVia() {
    osip_via_t* via = nullptr;
    if (osip_message_get_via(message_, 0, &via) < 0) return false;
    parsed_.via_host = via->host;
    parsed_.via_port = via->port;
    parsed_.via_branch = Value(via->via_params, "branch");
    return true;
  }

  bool TakeContacts() {
    parsed_.contact_count = 0;
    osip_list_iterator_t at;
    void* each = osip_list_get_first(&message_->contacts, &at);
    for (; osip_list_iterator_has_elem(at); each = osip_list_get_next(&at)) {
      if (parsed_.contact_count == Parsed::kMaxContacts) return false;
      auto* contact = static_cast<osip_contact_t*>(each);
      parsed_.contacts[parsed_.contact_count++] = {
          .uri = osip_from_get_url(contact),
          .q = Value(contact->gen_params, "q"),
          .expires = Value(contact->gen_params, "expires"),
          .instance = Value(contact->gen_params, "+sip.instance"),
          .reg_id = Value(contact->gen_params, "reg-id")};
    }
    return true;
  }

  osip_message_t* message_ = nullptr;
  Parsed parsed_;
  const char* call_id_host_ = nullptr;
};

}  // namespace

std::unique_ptr<ParserUnderTest> MakeOsipParser() { return std::make_unique<OsipParser>(); }

}  // namespace muster::bench
