#include <array>
#include <cstring>

#include "muster/parser/message.h"

namespace muster::parser {
namespace {

// In the order of Method.
constexpr std::array<std::string_view, 15> kMethods = {
    "",        "REGISTER", "INVITE", "ACK",     "BYE",   "CANCEL",    "OPTIONS", "INFO",
    "MESSAGE", "NOTIFY",   "PRACK",  "PUBLISH", "REFER", "SUBSCRIBE", "UPDATE"};

}  // namespace

Method MethodFrom(std::string_view text) {
  // The most frequent by far.
  if (text.size() == 8 && std::memcmp(text.data(), "REGISTER", 8) == 0) return Method::kRegister;
  for (std::size_t i = 1; i < kMethods.size(); ++i) {
    if (text == kMethods[i]) return static_cast<Method>(i);
  }
  return Method::kOther;
}

std::string_view MethodName(Method method) { return kMethods[static_cast<std::size_t>(method)]; }

}  // namespace muster::parser
