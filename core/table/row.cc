#include "table/row.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace muster::core {

/// Strings that lie in another one are not stored again.
struct Row::Layout {
  Pieces pieces{};
  std::array<std::string_view, kTexts> stored;  // those with bytes of their own
  std::size_t bytes = 0;

  void Store(TextId id, std::string_view text) {
    text = text.substr(0, kMaxTextBytes);
    stored[id] = text;
    pieces[id] = {static_cast<std::uint16_t>(bytes), static_cast<std::uint16_t>(text.size())};
    bytes += text.size();
  }

  void StoreWithin(TextId whole, TextId id, std::string_view text) {
    const std::size_t found = stored[whole].find(text);
    if (found == std::string_view::npos) return Store(id, text);
    pieces[id] = {static_cast<std::uint16_t>(pieces[whole].begin + found),
                  static_cast<std::uint16_t>(text.size())};
  }
};

void RowDeleter::operator()(Row* row) const {
  row->~Row();
  ::operator delete(row);
}

RowPtr Row::Make(std::string_view aor, const Binding& binding) {
  static_assert(kTexts * kMaxTextBytes < std::numeric_limits<std::uint16_t>::max());
  Layout layout;
  layout.Store(kTo, binding.to_uri);
  layout.StoreWithin(kTo, kAor, aor);
  layout.Store(kContact, binding.contact);
  layout.StoreWithin(kContact, kContactUri, binding.contact_uri);
  layout.Store(kQ, binding.q_text);
  layout.Store(kCallId, binding.call_id);
  layout.Store(kInstance, binding.instance);
  layout.StoreWithin(kInstance, kInstrument, binding.instrument);
  layout.Store(kPath, binding.path);

  void* const block = ::operator new(sizeof(Row) + layout.bytes);
  RowPtr row(new (block) Row);
  char* at = reinterpret_cast<char*>(row.get() + 1);
  for (const std::string_view text : layout.stored) at = std::ranges::copy(text, at).out;
  row->pieces_ = layout.pieces;
  row->server = binding.server;
  row->source_address = binding.source_address;
  row->SetRefreshed(binding);
  return row;
}

void Row::SetRefreshed(const Binding& binding) {
  expires_ns = absl::ToUnixNanos(binding.expires_at);
  updated_ns = absl::ToUnixNanos(binding.updated_at);
  source_port = binding.source_port;
  transport = binding.transport;
  cseq = binding.cseq;
  reg_id = binding.reg_id;
}

bool Row::HasTextOf(const Binding& binding) const {
  return Text(kCallId) == binding.call_id && Text(kContact) == binding.contact &&
         Text(kContactUri) == binding.contact_uri && Text(kTo) == binding.to_uri &&
         Text(kInstance) == binding.instance && Text(kInstrument) == binding.instrument &&
         Text(kPath) == binding.path && Text(kQ) == binding.q_text;
}

Binding Row::ToBinding() const {
  Binding binding;
  binding.aor = aor();
  binding.user = user();
  binding.to_uri = Text(kTo);
  binding.contact = Text(kContact);
  binding.contact_uri = Text(kContactUri);
  binding.q_text = Text(kQ);
  binding.call_id = Text(kCallId);
  binding.instance = Text(kInstance);
  binding.instrument = Text(kInstrument);
  binding.path = Text(kPath);
  binding.cseq = cseq;
  binding.reg_id = reg_id;
  binding.transport = transport;
  binding.source_address = source_address;
  binding.source_port = source_port;
  binding.server = server;
  binding.expires_at = absl::FromUnixNanos(expires_ns);
  binding.registered_at = absl::FromUnixNanos(registered_ns);
  binding.updated_at = absl::FromUnixNanos(updated_ns);
  return binding;
}

std::string_view Row::user() const {
  // In canonical text the only '@' is the one behind the user part.
  const std::string_view text = aor();
  const std::size_t at = text.find('@');
  return at == std::string_view::npos ? std::string_view() : text.substr(0, at);
}

std::size_t Row::size() const {
  // The strings are stored in the order of TextId, but for those inside another one.
  std::size_t end = 0;
  for (const Piece& piece : pieces_) end = std::max<std::size_t>(end, piece.begin + piece.size);
  return sizeof(Row) + end;
}

}  // namespace muster::core
