// Any bytes as one Contact, and as the Contacts of a message: the message has just those that the
// list has.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "value_checks.h"

namespace muster::parser {
namespace {

using fuzz::CheckAddress;
using fuzz::CheckError;
using fuzz::CheckSame;
using fuzz::IsInside;
using fuzz::MessageAround;
using fuzz::ReadList;

void CheckSameContact(const Contact& a, const Contact& b) {
  CheckSame(a.address, b.address);
  FUZZ_CHECK(a.q_text == b.q_text && a.q_thousandths == b.q_thousandths);
  FUZZ_CHECK(a.has_expires == b.has_expires && a.expires_seconds == b.expires_seconds);
  FUZZ_CHECK(a.instance == b.instance && a.reg_id == b.reg_id);
}

bool CheckOne(std::string_view value, Contact& contact) {
  ParseError error;
  NameAddr address;
  const bool accepted = ParseContact(value, contact, error);
  FUZZ_CHECK(ParseNameAddr(value, address, error) == accepted);
  if (!accepted) {
    CheckError(error, value);
    return false;
  }
  CheckAddress(contact.address, value);
  CheckSame(contact.address, address);
  FUZZ_CHECK(contact.q_thousandths <= 1'000 && IsInside(contact.q_text, address.params));
  FUZZ_CHECK(IsInside(contact.instance, address.params) && contact.reg_id <= 0x7FFF'FFFF);
  FUZZ_CHECK(contact.has_expires || contact.expires_seconds == 0);
  FUZZ_CHECK(contact.has_expires == FindParameter(address.params, "expires").has_value());
  Contact again;
  FUZZ_CHECK(ParseContact(address.text, again, error));
  CheckSameContact(contact, again);
  return true;
}

void CheckInMessage(std::string_view bytes) {
  const MessageAround around(HeaderId::kContact, bytes);
  if (!around.written()) return;
  const Message& message = around.message();
  if (around.value() == "*") {
    FUZZ_CHECK(around.complete() && message.contact_star && message.contacts().empty());
    return;
  }
  FUZZ_CHECK(!message.contact_star);
  std::vector<std::string_view> items;
  Contact contact;
  const bool sound = ReadList(around.value(), items) && !items.empty() &&
                     items.size() <= kMaxContacts &&
                     std::all_of(items.begin(), items.end(), [&contact](std::string_view item) {
                       ParseError error;
                       return ParseContact(item, contact, error);
                     });
  FUZZ_CHECK(around.complete() == sound);
  if (!sound) return;
  FUZZ_CHECK(message.contacts().size() == items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    FUZZ_CHECK(CheckOne(items[i], contact));
    CheckSameContact(contact, message.contacts()[i]);
  }
}

void Check(std::string_view bytes) {
  Contact contact;
  CheckOne(bytes, contact);
  CheckInMessage(bytes);
}

}  // namespace
}  // namespace muster::parser

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  muster::parser::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
