#include "parameters.h"

namespace muster::parser {
namespace {

// What may stand in a name or value that one of the parsers let pass, of a URI or of a header.
constexpr CharClass kAnyName = kToken | kUriParam | kUriAny;

}  // namespace

bool ParameterReader::Next(Parameter& parameter) {
  Scanner in(rest_);
  in.SkipLws();
  while (in.Skip(';')) in.SkipLws();
  parameter = {};
  const char* start = in.position();
  while (!in.AtEnd() && !in.At(';') && !in.At('=') && Is(*in.position(), kAnyName)) in.Advance(1);
  parameter.name = in.Since(start);
  if (parameter.name.empty()) {
    rest_ = {};
    return false;
  }
  in.SkipLws();
  if (in.Skip('=')) {
    in.SkipLws();
    parameter.has_value = true;
    start = in.position();
    if (!in.At('"') || !in.TakeQuoted(parameter.value)) {
      while (!in.AtEnd() && !in.At(';') && Is(*in.position(), kAnyName)) in.Advance(1);
      parameter.value = in.Since(start);
    }
    in.SkipLws();
  }
  // Text that no parser has accepted ends the reading where it stops being parameters.
  rest_ = in.At(';') ? in.Rest() : std::string_view();
  return true;
}

std::optional<Parameter> FindParameter(std::string_view params, std::string_view name) {
  ParameterReader reader(params);
  for (Parameter parameter; reader.Next(parameter);) {
    if (EqualsIgnoreCase(parameter.name, name)) return parameter;
  }
  return std::nullopt;
}

std::size_t Unescape(std::string_view text, char* out) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i, ++size) {
    if (text[i] == '%' && text.size() - i >= 3 && Is(text[i + 1], kHexDigit) &&
        Is(text[i + 2], kHexDigit)) {
      out[size] = static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out[size] = text[i];
    }
  }
  return size;
}

}  // namespace muster::parser
