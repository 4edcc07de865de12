#include "urn.h"

#include "muster/parser/limits.h"

namespace muster::parser {
namespace {

constexpr std::size_t kMaxNidBytes = 32;

// *( pchar / "/" ) of RFC 3986, escapes checked. kPassword has all of pchar but three.
std::string_view TakePathChars(Scanner& in) {
  const char* const start = in.position();
  do {
    in.TakeEscaped(kPassword);
  } while (in.Skip(':') || in.Skip('@') || in.Skip(';') || in.Skip('/'));
  return in.Since(start);
}

// The same with '?', up to a "?=" if there is one and `before_q`.
std::string_view TakeComponent(Scanner& in, bool before_q) {
  const char* const start = in.position();
  do {
    TakePathChars(in);
  } while (!(before_q && in.Rest().starts_with("?=")) && in.Skip('?'));
  return in.Since(start);
}

// (alphanum) 0*30(ldh) (alphanum)
bool ScanNid(Scanner& in, Urn& urn, ParseError& error) {
  const Scanner start = in;
  const char* const first = in.position();
  do {
    in.Take(kAlpha | kDigit);
  } while (in.Skip('-'));
  urn.nid = in.Since(first);
  if (urn.nid.size() < 2 || urn.nid.size() > kMaxNidBytes || urn.nid.front() == '-' ||
      urn.nid.back() == '-') {
    return start.Fail(ErrorCode::kBadUri, error);
  }
  return in.Skip(':') || in.Fail(ErrorCode::kBadUri, error);
}

// An r- or q-component, which begins with a pchar.
bool ScanComponent(Scanner& in, bool is_r, std::string_view& component, ParseError& error) {
  in.Advance(2);
  if (in.At('/') || in.At('?')) return in.Fail(ErrorCode::kBadUri, error);
  component = TakeComponent(in, is_r);
  return !component.empty() || in.Fail(ErrorCode::kBadUri, error);
}

// In a UUID the letters are hexadecimal digits; elsewhere only those of escapes ignore case.
bool SameNss(std::string_view a, std::string_view b, bool is_uuid) {
  if (is_uuid) return EqualsIgnoreCase(a, b);
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    const bool in_escape = (i >= 1 && a[i - 1] == '%') || (i >= 2 && a[i - 2] == '%');
    if (!in_escape || ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

}  // namespace

bool ScanUrn(Scanner& in, Urn& urn, ParseError& error) {
  urn = Urn{};
  if (!ScanNid(in, urn, error)) return false;
  if (in.At('/')) return in.Fail(ErrorCode::kBadUri, error);
  urn.nss = TakePathChars(in);
  if (urn.nss.empty()) return in.Fail(ErrorCode::kBadUri, error);
  if (in.Rest().starts_with("?+") && !ScanComponent(in, true, urn.r_component, error)) return false;
  if (in.Rest().starts_with("?=") && !ScanComponent(in, false, urn.q_component, error)) {
    return false;
  }
  if (in.Skip('#')) urn.f_component = TakeComponent(in, false);
  return true;
}

bool ParseUrn(std::string_view text, Urn& urn, ParseError& error) {
  Scanner in(text);
  if (text.size() > kMaxUriBytes) {
    in.Advance(kMaxUriBytes);
    return in.Fail(ErrorCode::kUriTooLong, error);
  }
  if (!EqualsIgnoreCase(text.substr(0, 4), "urn:")) return in.Fail(ErrorCode::kBadUri, error);
  in.Advance(4);
  return ScanUrn(in, urn, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadUri, error));
}

bool UrnEquivalent(std::string_view a, std::string_view b) {
  Urn urn_a, urn_b;
  ParseError ignored;
  return ParseUrn(a, urn_a, ignored) && ParseUrn(b, urn_b, ignored) &&
         EqualsIgnoreCase(urn_a.nid, urn_b.nid) &&
         SameNss(urn_a.nss, urn_b.nss, EqualsIgnoreCase(urn_a.nid, "uuid"));
}

}  // namespace muster::parser
