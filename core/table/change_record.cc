#include "table/change_record.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

namespace muster::core {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they stand");

constexpr std::size_t kHeadBytes = 7;
/// In place of where the URI begins in the Contact: it is not in there, but follows as a text.
constexpr std::uint16_t kUriApart = std::numeric_limits<std::uint16_t>::max();

/// Numbers gathered on the stack, so that the string grows once for many.
class Numbers {
 public:
  template <typename Number>
  Numbers& Add(Number number) {
    static_assert(std::is_integral_v<Number>);
    std::memcpy(bytes_.data() + size_, &number, sizeof(number));
    size_ += sizeof(number);
    return *this;
  }
  std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 96> bytes_;
  std::size_t size_ = 0;
};

std::uint16_t TextSize(std::string_view text) {
  return static_cast<std::uint16_t>(std::min<std::size_t>(text.size(), kUriApart - 1));
}

void AppendText(std::string_view text, std::string& out) {
  const std::uint16_t size = TextSize(text);
  out.append(Numbers().Add(size).bytes());
  out.append(text.substr(0, size));
}

/// One record being written: its size is known, and set, at the end.
class RecordWriter {
 public:
  RecordWriter(ChangeKind kind, std::string_view aor, std::string& out)
      : out_(out), begin_(out.size()) {
    const std::uint16_t aor_size = TextSize(aor);
    out_.append(
        Numbers().Add(std::uint32_t{0}).Add(static_cast<std::uint8_t>(kind)).Add(aor_size).bytes());
    out_.append(aor.substr(0, aor_size));
  }
  ~RecordWriter() {
    const auto size = static_cast<std::uint32_t>(out_.size() - begin_);
    std::memcpy(out_.data() + begin_, &size, sizeof(size));
  }

  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;

  void Append(const Numbers& numbers) { out_.append(numbers.bytes()); }
  void Append(std::string_view text) { AppendText(text, out_); }

 private:
  std::string& out_;
  const std::size_t begin_;
};

void AddRefreshed(const Row& row, Numbers& numbers) {
  numbers.Add(row.expires_ns)
      .Add(row.updated_ns)
      .Add(row.cseq)
      .Add(row.reg_id)
      .Add(row.source_port)
      .Add(static_cast<std::uint8_t>(row.transport));
}

/// Reads what Numbers and AppendText have written. Once it has met its end it gives zeros.
class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename Number>
  Number Take() {
    Number number{};
    if (bytes_.size() < sizeof(number)) return Fail(), number;
    std::memcpy(&number, bytes_.data(), sizeof(number));
    bytes_.remove_prefix(sizeof(number));
    return number;
  }
  std::string_view TakeBytes(std::size_t size) {
    if (bytes_.size() < size) return Fail(), std::string_view();
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view TakeText() { return TakeBytes(Take<std::uint16_t>()); }

  void Fail() {
    failed_ = true;
    bytes_ = {};
  }
  /// All has been read, and nothing was missing.
  bool Done() const { return !failed_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

void TakeRefreshed(RecordReader& reader, Binding& binding) {
  binding.expires_at = absl::FromUnixNanos(reader.Take<std::int64_t>());
  binding.updated_at = absl::FromUnixNanos(reader.Take<std::int64_t>());
  binding.cseq = reader.Take<std::uint32_t>();
  binding.reg_id = reader.Take<std::uint32_t>();
  binding.source_port = reader.Take<std::uint16_t>();
  const auto transport = reader.Take<std::uint8_t>();
  if (transport > static_cast<std::uint8_t>(Transport::kWss)) reader.Fail();
  binding.transport = static_cast<Transport>(transport);
}

std::uint64_t TakeOrder(RecordReader& reader) {
  const auto order = reader.Take<std::uint64_t>();
  if (order >= Row::kMaxOrder) reader.Fail();
  return order;
}

void TakeBinding(RecordReader& reader, Binding& binding) {
  binding.registered_at = absl::FromUnixNanos(reader.Take<std::int64_t>());
  TakeRefreshed(reader, binding);
  std::array<std::uint8_t, 16> address{};
  const std::string_view bytes = reader.TakeBytes(address.size());
  std::copy(bytes.begin(), bytes.end(), address.begin());
  binding.source_address = IpAddress::FromV6(address);
  binding.server = reader.Take<ServerId>();
  const auto uri_begin = reader.Take<std::uint16_t>();
  const auto uri_size = reader.Take<std::uint16_t>();
  for (std::string_view* text :
       {&binding.to_uri, &binding.contact, &binding.q_text, &binding.call_id, &binding.instance,
        &binding.instrument, &binding.path, &binding.user_agent}) {
    *text = reader.TakeText();
  }
  if (uri_begin == kUriApart) {
    binding.contact_uri = reader.TakeText();
  } else if (std::size_t{uri_begin} + uri_size > binding.contact.size()) {
    reader.Fail();
  } else {
    binding.contact_uri = binding.contact.substr(uri_begin, uri_size);
  }
}

void TakeBody(RecordReader& reader, ChangeRecord& record) {
  switch (record.kind) {
    case ChangeKind::kPut:
      record.order = TakeOrder(reader);
      return TakeBinding(reader, record.binding);
    case ChangeKind::kRefresh:
      record.order = TakeOrder(reader);
      return TakeRefreshed(reader, record.binding);
    case ChangeKind::kRemove:
      record.order = TakeOrder(reader);
      return;
    case ChangeKind::kBury:
      record.cseq = reader.Take<std::uint32_t>();
      record.until_ns = reader.Take<std::int64_t>();
      record.call_id = reader.TakeText();
      return;
    case ChangeKind::kServer:
      record.server = reader.Take<ServerId>();
      record.node_id = reader.Take<std::uint32_t>();
      record.node_name = reader.TakeText();
      record.address = reader.TakeText();
      return;
    case ChangeKind::kUnbury:
      record.call_id = reader.TakeText();
      return;
  }
  reader.Fail();
}

}  // namespace

void WritePut(const Row& row, std::string_view user_agent, std::string& out) {
  RowRoom room;
  const Binding binding = row.ToBinding(room);
  const std::size_t found = binding.contact.find(binding.contact_uri);
  const bool apart = found == std::string_view::npos;
  RecordWriter writer(ChangeKind::kPut, binding.aor, out);
  Numbers numbers;
  numbers.Add(std::uint64_t{row.order}).Add(row.registered_ns);
  AddRefreshed(row, numbers);
  std::uint64_t address[2];
  std::memcpy(address, binding.source_address.bytes().data(), sizeof(address));
  numbers.Add(address[0]).Add(address[1]).Add(row.server);
  numbers.Add(apart ? kUriApart : static_cast<std::uint16_t>(found));
  numbers.Add(TextSize(binding.contact_uri));
  writer.Append(numbers);
  for (const std::string_view text :
       {binding.to_uri, binding.contact, binding.q_text, binding.call_id, binding.instance,
        binding.instrument, binding.path, user_agent}) {
    writer.Append(text);
  }
  if (apart) writer.Append(binding.contact_uri);
}

void WriteRefresh(const Row& row, std::string& out) {
  RecordWriter writer(ChangeKind::kRefresh, row.aor(), out);
  Numbers numbers;
  numbers.Add(std::uint64_t{row.order});
  AddRefreshed(row, numbers);
  writer.Append(numbers);
}

void WriteRemove(std::string_view aor, std::uint64_t order, std::string& out) {
  RecordWriter(ChangeKind::kRemove, aor, out).Append(Numbers().Add(order));
}

void WriteBury(std::string_view aor, std::string_view call_id, std::uint32_t cseq,
               std::int64_t until_ns, std::string& out) {
  RecordWriter writer(ChangeKind::kBury, aor, out);
  writer.Append(Numbers().Add(cseq).Add(until_ns));
  writer.Append(call_id);
}

void WriteUnbury(std::string_view aor, std::string_view call_id, std::string& out) {
  RecordWriter(ChangeKind::kUnbury, aor, out).Append(call_id);
}

void WriteServer(ServerId id, const Server& server, std::string& out) {
  RecordWriter writer(ChangeKind::kServer, {}, out);
  writer.Append(Numbers().Add(id).Add(server.node_id));
  writer.Append(server.node_name);
  writer.Append(server.address);
}

bool ReadRecord(std::string_view& bytes, ChangeRecord& record) {
  RecordReader head(bytes);
  const auto size = head.Take<std::uint32_t>();
  if (size < kHeadBytes || size > bytes.size()) return false;
  record.kind = static_cast<ChangeKind>(head.Take<std::uint8_t>());
  RecordReader body(
      bytes.substr(kHeadBytes - sizeof(std::uint16_t), size - kHeadBytes + sizeof(std::uint16_t)));
  record.aor = body.TakeText();
  TakeBody(body, record);
  if (!body.Done()) return false;
  bytes.remove_prefix(size);
  return true;
}

}  // namespace muster::core
