#include <sofia-sip/msg.h>
#include <sofia-sip/msg_buffer.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/url.h>

#include "bench/parsers/parsed_register.h"
#include "bench/parsers/parser_under_test.h"

namespace muster::bench {
namespace {

struct Form {
  static std::string_view View(const char* text) { return text == nullptr ? "" : text; }
  static std::string Copy(const url_t* uri) {
    char* text = url_as_string(nullptr, uri);
    std::string copy(View(text));
    su_free(nullptr, text);
    return copy;
  }
};

/// As its transport does for a datagram: a msg_t for each, into whose memory the bytes are
/// received, to be parsed in place.
class SofiaParser final : public ParserUnderTest {
 public:
  bool Parse(std::string_view bytes) override {
    const sip_t* sip = Extract(bytes);
    if (sip == nullptr || MSG_HAS_ERROR(sip->sip_flags) || sip->sip_error != nullptr ||
        sip->sip_request == nullptr || sip_sanity_check(sip) < 0) {
      return false;
    }
    parsed_.method = sip->sip_request->rq_method_name;
    parsed_.request_uri = sip->sip_request->rq_url;
    parsed_.via_host = sip->sip_via->v_host;
    parsed_.via_port = sip->sip_via->v_port;
    parsed_.via_branch = sip->sip_via->v_branch;
    parsed_.from = {sip->sip_from->a_user, sip->sip_from->a_host, sip->sip_from->a_tag};
    parsed_.to = {sip->sip_to->a_user, sip->sip_to->a_host, sip->sip_to->a_tag};
    parsed_.call_id = sip->sip_call_id->i_id;
    parsed_.cseq_number = sip->sip_cseq->cs_seq;
    parsed_.cseq_method = sip->sip_cseq->cs_method_name;
    parsed_.expires =
        sip->sip_expires == nullptr ? 0 : static_cast<std::uint32_t>(sip->sip_expires->ex_delta);
    return TakeContacts(sip);
  }

  void Release() override {
    msg_destroy(message_);
    message_ = nullptr;
  }
  RegisterValues values() const override { return CopyOf<Form>(parsed_); }

 private:
  using Parsed = ParsedRegister<const char*, const url_t*, const char*, std::uint32_t>;

  /// Bytes that a message takes from the heap at once (NTATAG_PRELOAD of Sofia-SIP's stack): enough
  /// for the largest message here. Without, each of its parts is allocated, which is slower.
  static constexpr isize_t kPreload = 8'192;

  const sip_t* Extract(std::string_view bytes) {
    message_ = msg_create(sip_default_mclass(), 0);
    if (message_ == nullptr) return nullptr;
    su_home_preload(msg_home(message_), 1, kPreload);
    auto* buffer = static_cast<char*>(msg_buf_exact(message_, bytes.size() + 1));
    if (buffer == nullptr) return nullptr;
    bytes.copy(buffer, bytes.size());  // in place of the kernel's copy
    buffer[bytes.size()] = '\0';
    msg_buf_commit(message_, bytes.size(), /*eos=*/1);
    return msg_extract(message_) < 0 ? nullptr : sip_object(message_);
  }

  bool TakeContacts(const sip_t* sip) {
    parsed_.contact_count = 0;
    for (const sip_contact_t* contact = sip->sip_contact; contact != nullptr;
         contact = contact->m_next) {
      if (parsed_.contact_count == Parsed::kMaxContacts) return false;
      parsed_.contacts[parsed_.contact_count++] = {
          .uri = contact->m_url,
          .q = contact->m_q,
          .expires = contact->m_expires,
          .instance = msg_header_find_param(contact->m_common, "+sip.instance"),
          .reg_id = msg_header_find_param(contact->m_common, "reg-id")};
    }
    return true;
  }

  msg_t* message_ = nullptr;
  Parsed parsed_;
};

}  // namespace

std::unique_ptr<ParserUnderTest> MakeSofiaParser() { return std::make_unique<SofiaParser>(); }

}  // namespace muster::bench
