#include "muster/parser/header_values.h"
#include "scan_via.h"

namespace muster::parser {

bool ParseVia(std::string_view text, Via& via, ParseError& error) {
  Scanner in(text);
  return ScanVia(in, via, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadVia, error));
}

}  // namespace muster::parser
