#include "basic_rules.h"
#include "muster/parser/information.h"

namespace muster::parser {
namespace {

// token [ SLASH product-version ]; the white space behind a token alone is left.
bool ScanProduct(Scanner& in, Product& product, ParseError& error) {
  product.name = in.Take(kToken);
  if (product.name.empty()) return in.Fail(ErrorCode::kBadToken, error);
  Scanner ahead = in;
  ahead.SkipLws();
  if (!ahead.Skip('/')) return true;
  ahead.SkipLws();
  in = ahead;
  product.version = in.Take(kToken);
  return !product.version.empty() || in.Fail(ErrorCode::kBadToken, error);
}

}  // namespace

bool ProductReader::Next(Product& product) {
  if (failed()) return false;
  product = Product{};
  Scanner in(value_);
  in.Advance(position_);
  in.SkipLws();
  if (in.AtEnd() && position_ != 0) return false;
  const bool fine =
      in.At('(') ? ScanComment(in, product.comment, error_) : ScanProduct(in, product, error_);
  position_ = value_.size() - in.Rest().size();
  return fine;
}

}  // namespace muster::parser
