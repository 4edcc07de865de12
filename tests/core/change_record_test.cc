#include "table/change_record.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

constexpr std::size_t kKindAt = 4;
constexpr std::size_t kAorSizeAt = 5;

OwnedBinding FullBinding() {
  OwnedBinding binding = OwnedBinding::Of("alice@example.com");
  binding.q_text = "0.7";
  binding.instance = "urn:uuid:00000000-0000-1000-8000-0004F2000001";
  binding.instrument = "0004F2000001";
  binding.path = "<sip:p1.example.com;lr>, <sip:p2.example.com;lr>";
  binding.cseq = 4711;
  binding.reg_id = 2;
  binding.transport = Transport::kWss;
  binding.source_address = IpAddress::Parse("2001:db8::17").value();
  binding.source_port = 50'600;
  binding.server = 3;
  binding.expires_at = absl::FromUnixNanos(1'700'003'600'000'000'001);
  binding.registered_at = absl::FromUnixNanos(1'700'000'000'000'000'002);
  binding.updated_at = absl::FromUnixNanos(1'700'000'001'000'000'003);
  return binding;
}

OwnedBinding EmptyBinding() {
  OwnedBinding binding;
  for (std::string* text : {&binding.aor, &binding.to_uri, &binding.contact, &binding.contact_uri,
                            &binding.call_id, &binding.user_agent}) {
    text->clear();
  }
  binding.cseq = 0;
  binding.source_address = {};
  binding.source_port = 0;
  return binding;
}

OwnedBinding LongestBinding() {
  OwnedBinding binding;
  char letter = 'a';
  for (std::string* text : {&binding.aor, &binding.to_uri, &binding.contact, &binding.contact_uri,
                            &binding.q_text, &binding.call_id, &binding.instance,
                            &binding.instrument, &binding.path, &binding.user_agent}) {
    text->assign(Row::kMaxTextBytes, letter++);
  }
  return binding;
}

OwnedBinding HighestBinding() {
  OwnedBinding binding;
  binding.cseq = binding.reg_id = std::numeric_limits<std::uint32_t>::max();
  binding.source_port = binding.server = std::numeric_limits<std::uint16_t>::max();
  binding.transport = Transport::kWss;
  std::array<std::uint8_t, 16> address;
  address.fill(0xFF);
  binding.source_address = IpAddress::FromV6(address);
  binding.expires_at = absl::FromUnixNanos(std::numeric_limits<std::int64_t>::max());
  binding.registered_at = absl::FromUnixNanos(std::numeric_limits<std::int64_t>::min());
  binding.updated_at = absl::FromUnixNanos(std::numeric_limits<std::int64_t>::max());
  return binding;
}

OwnedBinding UriApartBinding() {
  OwnedBinding binding;
  binding.contact = "<sip:alice@10.0.0.1>";
  binding.contact_uri = "sip:elsewhere@10.0.0.2";
  return binding;
}

OwnedBinding UriTwiceBinding() {
  OwnedBinding binding;
  binding.contact = "\"sip:a@b\" <sip:a@b>";
  binding.contact_uri = "sip:a@b";
  return binding;
}

RowPtr RowOf(const OwnedBinding& binding, std::uint64_t order) {
  static ChunkPool pool;
  static Blocks blocks(pool);
  RowPtr row = Row::Make(binding.aor, binding.View(), blocks);
  row->order = order;
  row->registered_ns = absl::ToUnixNanos(binding.registered_at);
  return row;
}

std::string Put(const OwnedBinding& binding, std::uint64_t order = 5) {
  std::string bytes;
  WritePut(*RowOf(binding, order), binding.user_agent, bytes);
  return bytes;
}

std::string Refresh(const OwnedBinding& binding, std::uint64_t order = 5) {
  std::string bytes;
  WriteRefresh(*RowOf(binding, order), bytes);
  return bytes;
}

/// One of each kind.
std::vector<std::string> OneOfEach() {
  std::vector<std::string> records(7);
  records[0] = Put(FullBinding());
  records[1] = Put(UriApartBinding());
  records[2] = Refresh(FullBinding());
  WriteRemove("alice@example.com", 5, records[3]);
  WriteBury("alice@example.com", "call-seventeen", 17, 18, records[4]);
  WriteUnbury("alice@example.com", "call-seventeen", records[5]);
  WriteServer(3, {.node_id = 4, .node_name = "n4.example.com", .address = "10.0.0.4"}, records[6]);
  return records;
}

/// The record that `bytes` are, and nothing else.
ChangeRecord ReadOne(std::string_view bytes) {
  ChangeRecord record;
  EXPECT_TRUE(ReadRecord(bytes, record));
  EXPECT_EQ(bytes, "");
  return record;
}

void ExpectRefused(std::string_view bytes) {
  const std::string_view before = bytes;
  ChangeRecord record;
  EXPECT_FALSE(ReadRecord(bytes, record));
  EXPECT_EQ(bytes.data(), before.data());
  EXPECT_EQ(bytes.size(), before.size());
}

template <typename Number>
void SetAt(std::size_t offset, Number number, std::string& bytes) {
  ASSERT_LE(offset + sizeof(number), bytes.size());
  std::memcpy(bytes.data() + offset, &number, sizeof(number));
}

class PutRecordTest : public testing::TestWithParam<OwnedBinding> {};

TEST_P(PutRecordTest, IsReadAsItWasWritten) {
  for (const std::uint64_t order : {std::uint64_t{0}, Row::kMaxOrder - 1}) {
    const std::string bytes = Put(GetParam(), order);
    const ChangeRecord record = ReadOne(bytes);
    EXPECT_EQ(record.kind, ChangeKind::kPut);
    EXPECT_EQ(record.order, order);
    OwnedBinding read(record.binding);
    EXPECT_EQ(read.aor, "");
    read.aor = record.aor;
    EXPECT_EQ(read, GetParam());
  }
}

TEST_P(PutRecordTest, ARefreshHasWhatARefreshSets) {
  const OwnedBinding binding = GetParam();
  const std::string bytes = Refresh(binding, 9);
  const ChangeRecord record = ReadOne(bytes);
  EXPECT_EQ(record.kind, ChangeKind::kRefresh);
  EXPECT_EQ(record.aor, binding.aor);
  EXPECT_EQ(record.order, 9U);
  EXPECT_EQ(record.binding.expires_at, binding.expires_at);
  EXPECT_EQ(record.binding.updated_at, binding.updated_at);
  EXPECT_EQ(record.binding.cseq, binding.cseq);
  EXPECT_EQ(record.binding.reg_id, binding.reg_id);
  EXPECT_EQ(record.binding.source_port, binding.source_port);
  EXPECT_EQ(record.binding.transport, binding.transport);
}

INSTANTIATE_TEST_SUITE_P(Bindings, PutRecordTest,
                         testing::Values(FullBinding(), EmptyBinding(), LongestBinding(),
                                         HighestBinding(), UriApartBinding(), UriTwiceBinding()));

TEST(ChangeRecordTest, ATextBeyondWhatASizeHoldsIsCut) {
  OwnedBinding binding;
  binding.user_agent.assign(100'000, 'u');
  const std::string bytes = Put(binding);
  EXPECT_EQ(ReadOne(bytes).binding.user_agent, std::string(65'534, 'u'));
}

TEST(ChangeRecordTest, ARemovalIsReadAsItWasWritten) {
  std::string bytes;
  WriteRemove("alice@example.com", Row::kMaxOrder - 1, bytes);
  const ChangeRecord record = ReadOne(bytes);
  EXPECT_EQ(record.kind, ChangeKind::kRemove);
  EXPECT_EQ(record.aor, "alice@example.com");
  EXPECT_EQ(record.order, Row::kMaxOrder - 1);
}

TEST(ChangeRecordTest, AnOrderThatNoBindingHasIsRefused) {
  std::string bytes;
  WriteRemove("alice@example.com", Row::kMaxOrder, bytes);
  ExpectRefused(bytes);
}

TEST(ChangeRecordTest, ATombstoneIsReadAsItWasWritten) {
  for (const std::string& call_id : {std::string(), std::string(Row::kMaxTextBytes, 'c')}) {
    std::string bytes;
    WriteBury("alice@example.com", call_id, std::numeric_limits<std::uint32_t>::max(),
              std::numeric_limits<std::int64_t>::min(), bytes);
    const ChangeRecord buried = ReadOne(bytes);
    EXPECT_EQ(buried.kind, ChangeKind::kBury);
    EXPECT_EQ(buried.aor, "alice@example.com");
    EXPECT_EQ(buried.call_id, call_id);
    EXPECT_EQ(buried.cseq, std::numeric_limits<std::uint32_t>::max());
    EXPECT_EQ(buried.until_ns, std::numeric_limits<std::int64_t>::min());

    bytes.clear();
    WriteUnbury("alice@example.com", call_id, bytes);
    const ChangeRecord unburied = ReadOne(bytes);
    EXPECT_EQ(unburied.kind, ChangeKind::kUnbury);
    EXPECT_EQ(unburied.aor, "alice@example.com");
    EXPECT_EQ(unburied.call_id, call_id);
  }
}

TEST(ChangeRecordTest, AServerIsReadAsItWasWritten) {
  const Server highest{.node_id = std::numeric_limits<std::uint32_t>::max(),
                       .node_name = std::string(300, 'n'),
                       .address = "2001:db8::1"};
  for (const Server& server : {Server(), highest}) {
    std::string bytes;
    WriteServer(std::numeric_limits<ServerId>::max(), server, bytes);
    const ChangeRecord record = ReadOne(bytes);
    EXPECT_EQ(record.kind, ChangeKind::kServer);
    EXPECT_EQ(record.aor, "");
    EXPECT_EQ(record.server, std::numeric_limits<ServerId>::max());
    EXPECT_EQ(record.node_id, server.node_id);
    EXPECT_EQ(record.node_name, server.node_name);
    EXPECT_EQ(record.address, server.address);
  }
}

TEST(ChangeRecordTest, RecordsAreTakenOffOneByOne) {
  std::string bytes;
  for (const std::string& record : OneOfEach()) bytes += record;
  std::string_view left = bytes;
  for (const std::string& expected : OneOfEach()) {
    ChangeRecord record;
    ASSERT_EQ(left.substr(0, expected.size()), expected);
    const std::size_t before = left.size();
    ASSERT_TRUE(ReadRecord(left, record));
    EXPECT_EQ(before - left.size(), expected.size());
  }
  ExpectRefused(left);
}

TEST(ChangeRecordTest, APrefixIsRefused) {
  for (const std::string& record : OneOfEach()) {
    for (std::size_t size = 0; size < record.size(); ++size) {
      ExpectRefused(std::string_view(record).substr(0, size));
      // The same, as its size says that it is whole.
      std::string cut = record.substr(0, size);
      if (size < sizeof(std::uint32_t)) continue;
      SetAt(0, static_cast<std::uint32_t>(size), cut);
      ExpectRefused(cut);
    }
  }
}

TEST(ChangeRecordTest, ASizeThatIsNotTheRecordsIsRefused) {
  for (const std::string& record : OneOfEach()) {
    const auto size = static_cast<std::uint32_t>(record.size());
    for (const std::uint32_t wrong : {0U, 1U, 6U, 7U, size - 1, size + 1, 0x8000'0000U, ~0U}) {
      std::string bytes = record + "more";
      SetAt(0, wrong, bytes);
      ExpectRefused(bytes);
    }
  }
}

TEST(ChangeRecordTest, AnUnknownKindIsRefused) {
  for (const std::string& record : OneOfEach()) {
    for (const int kind : {0, 7, 8, 127, 255}) {
      std::string bytes = record;
      SetAt(kKindAt, static_cast<std::uint8_t>(kind), bytes);
      ExpectRefused(bytes);
    }
  }
}

TEST(ChangeRecordTest, AnotherKindThanItsOwnIsRefused) {
  for (const std::string& record : OneOfEach()) {
    for (const std::string& other : OneOfEach()) {
      if (other[kKindAt] == record[kKindAt]) continue;
      std::string bytes = record;
      bytes[kKindAt] = other[kKindAt];
      ExpectRefused(bytes);
    }
  }
}

TEST(ChangeRecordTest, AnAorSizeThatIsNotTheAorsIsRefused) {
  for (const std::string& record : OneOfEach()) {
    std::string bytes = record;
    SetAt(kAorSizeAt, std::uint16_t{0xFFFF}, bytes);
    ExpectRefused(bytes);
  }
}

TEST(ChangeRecordTest, AnUnknownTransportIsRefused) {
  OwnedBinding binding = EmptyBinding();
  // Where the transport stands is where records of two transports differ.
  const std::string udp = Put(binding);
  const std::string udp_refresh = Refresh(binding);
  binding.transport = Transport::kWss;
  const auto expect_refused = [](std::string a, const std::string& b) {
    std::size_t at = 0;
    while (a[at] == b[at]) ++at;
    a[at] = static_cast<char>(Transport::kWss) + 1;
    ExpectRefused(a);
  };
  expect_refused(udp, Put(binding));
  expect_refused(udp_refresh, Refresh(binding));
}

TEST(ChangeRecordTest, AUriBeyondItsContactIsRefused) {
  OwnedBinding binding = EmptyBinding();
  binding.contact = "<sip:a@b>";
  binding.contact_uri = "sip:a@b";
  std::string bytes = Put(binding);
  const std::string place("\x01\0\x07\0", 4);  // begin, size
  const std::size_t at = bytes.find(place);
  ASSERT_NE(at, std::string::npos);
  for (const std::uint16_t begin : {std::uint16_t{3}, std::uint16_t{0xFFFE}}) {
    SetAt(at, begin, bytes);
    ExpectRefused(bytes);
  }
  SetAt(at, std::uint16_t{2}, bytes);
  EXPECT_EQ(ReadOne(bytes).binding.contact_uri, "ip:a@b>");
}

}  // namespace
}  // namespace muster::core
