#include "muster/parser/header_values.h"
#include "scan.h"

namespace muster::parser {
namespace {

template <typename Matches>
bool AnyToken(const Message& message, HeaderId id, Matches matches) {
  for (const HeaderField& field : message.headers()) {
    if (field.id != id) continue;
    TokenListReader reader(field.value);
    for (std::string_view token; reader.Next(token);) {
      if (matches(token)) return true;
    }
  }
  return false;
}

}  // namespace

bool ParseToken(std::string_view text, std::string_view& token, ParseError& error) {
  Scanner in(text);
  in.SkipLws();
  token = in.Take(kToken);
  in.SkipLws();
  return (!token.empty() && in.AtEnd()) || in.Fail(ErrorCode::kBadToken, error);
}

bool HasOptionTag(const Message& message, HeaderId id, std::string_view tag) {
  return AnyToken(message, id,
                  [tag](std::string_view token) { return EqualsIgnoreCase(token, tag); });
}

bool AllowsMethod(const Message& message, std::string_view method) {
  return AnyToken(message, HeaderId::kAllow,
                  [method](std::string_view token) { return token == method; });
}

}  // namespace muster::parser
