#include "muster/parser/message.h"

#include "char_class.h"
#include "header_name.h"

namespace muster::parser {

const HeaderField* Message::Find(HeaderId id) const {
  for (const HeaderField& field : headers()) {
    if (field.id == id) return &field;
  }
  return nullptr;
}

const HeaderField* Message::Find(std::string_view name) const {
  const HeaderId id = HeaderIdFrom(name);
  if (id != HeaderId::kOther) return Find(id);
  const std::string_view long_name = LongHeaderName(name);
  for (const HeaderField& field : headers()) {
    if (field.id == HeaderId::kOther && EqualsIgnoreCase(LongHeaderName(field.name), long_name)) {
      return &field;
    }
  }
  return nullptr;
}

}  // namespace muster::parser
