// What libre's headers ask their includer about the system, before they are read.
#define HAVE_INTTYPES_H 1
#define HAVE_STDBOOL_H 1
#include <netinet/in.h>
#include <re.h>

#include "bench/parsers/parsed_register.h"
#include "bench/parsers/parser_under_test.h"

namespace muster::bench {
namespace {

struct Form {
  static std::string_view View(const pl& text) { return {text.p, text.l}; }
  static std::string Copy(const pl& uri) { return std::string(View(uri)); }
};

pl Value(const pl& parameters, const char* name) {
  pl value = PL_INIT;
  msg_param_decode(&parameters, name, &value);
  return value;
}

/// As its transport does for a datagram, but with one buffer that is never filled nor allocated
/// anew: it is laid around the caller's bytes, which libre does not write to.
class LibreParser final : public ParserUnderTest {
 public:
  LibreParser() : buffer_(mbuf_alloc(1)) { mem_deref(buffer_->buf); }
  ~LibreParser() override {
    buffer_->buf = nullptr;
    mem_deref(buffer_);
  }
  LibreParser(const LibreParser&) = delete;
  LibreParser& operator=(const LibreParser&) = delete;

  bool Parse(std::string_view bytes) override {
    buffer_->buf = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    buffer_->size = buffer_->end = bytes.size();
    buffer_->pos = 0;
    if (sip_msg_decode(&message_, buffer_) != 0 || !message_->req) return false;
    parsed_.method = message_->met;
    parsed_.request_uri = message_->ruri;
    parsed_.via_host = message_->via.sentby;
    parsed_.via_branch = message_->via.branch;
    parsed_.from = {message_->from.uri.user, message_->from.uri.host, message_->from.tag};
    parsed_.to = {message_->to.uri.user, message_->to.uri.host, message_->to.tag};
    parsed_.call_id = message_->callid;
    parsed_.cseq_number = message_->cseq.num;
    parsed_.cseq_method = message_->cseq.met;
    parsed_.expires = pl_u32(&message_->expires);
    parsed_.contact_count = 0;
    return sip_msg_hdr_apply(message_, true, SIP_HDR_CONTACT, &TakeContact, &parsed_) == nullptr;
  }

  void Release() override {
    mem_deref(message_);
    message_ = nullptr;
  }

  RegisterValues values() const override {
    RegisterValues values = CopyOf<Form>(parsed_);
    // sent-by comes in one piece, beside the address made of it.
    values.via_port = sa_port(&message_->via.addr);
    values.via_host = values.via_host.substr(0, values.via_host.find(':'));
    return values;
  }

 private:
  using Parsed = ParsedRegister<pl, pl, pl, std::uint32_t>;

  // True ends the walk over the header fields.
  static bool TakeContact(const sip_hdr* field, const sip_msg*, void* into) {
    auto& parsed = *static_cast<Parsed*>(into);
    sip_addr address;
    if (parsed.contact_count == Parsed::kMaxContacts ||
        sip_addr_decode(&address, &field->val) != 0) {
      return true;
    }
    parsed.contacts[parsed.contact_count++] = {.uri = address.auri,
                                               .q = Value(address.params, "q"),
                                               .expires = Value(address.params, "expires"),
                                               .instance = Value(address.params, "+sip.instance"),
                                               .reg_id = Value(address.params, "reg-id")};
    return false;
  }

  mbuf* buffer_;
  sip_msg* message_ = nullptr;
  Parsed parsed_;
};

}  // namespace

std::unique_ptr<ParserUnderTest> MakeLibreParser() { return std::make_unique<LibreParser>(); }

}  // namespace muster::bench
