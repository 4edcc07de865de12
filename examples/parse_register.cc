// Says of a REGISTER on standard input who registers where, or what is wrong with it and where.

#include <muster/parser/message.h>

#include <iostream>
#include <iterator>
#include <string>

namespace parser = muster::parser;

int main() {
  const std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
  static parser::Message message;  // kilobytes of views on `bytes`: one is reused for all messages
  const parser::ParseResult result = ParseMessage(bytes, parser::Framing::kDatagram, message);
  if (result.outcome != parser::ParseOutcome::kComplete) {
    std::cerr << "byte " << result.error.offset << ": " << Describe(result.error.code) << "\n";
    return 1;
  }
  if (message.method != parser::Method::kRegister) {
    std::cerr << "no REGISTER\n";
    return 1;
  }
  std::cout << message.to.uri.text << "\n";
  if (message.contact_star) std::cout << "  all of them gone\n";
  for (const parser::Contact& contact : message.contacts()) {
    std::cout << "  " << contact.address.uri.text;
    if (contact.has_expires) {
      std::cout << " for " << contact.expires_seconds << " s\n";
    } else if (message.has_expires) {
      std::cout << " for " << message.expires_seconds << " s\n";
    } else {
      std::cout << " for as long as the registrar says\n";
    }
  }
}
