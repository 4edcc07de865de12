// SQLite as it is fastest here: one database in memory, prepared statements, an index per field.
//
// - Values that repeat (User-Agent, domain) are numbers in the table, addresses and MACs integers;
//   they stand in front of the texts, which are not read past then.
// - `ip` means three columns. Their indexes are made so that each of them alone gives the rows that
//   the ones before it have not: no row is met twice, and counting reads indexes only. A Call-ID's
//   host has a place only where it is not the Contact's.
// - Indexes are made when all rows are there: that is faster, and they are packed.
// - A page is asked for first: when it is not full, it says the total, too.
// - There is one connection and one mutex: a shared cache locks whole tables.
// - Refreshes are parts of one transaction that never ends: nobody else waits for a commit, and
//   SQLite goes through the whole page cache in one that has balanced a tree.

#include <sqlite3.h>

#include <array>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "bench/query/concat.h"
#include "bench/query/dictionary.h"
#include "bench/query/sqlite_statement.h"
#include "bench/query/store.h"

namespace muster::bench {
namespace {

constexpr char kSettings[] =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY;";

constexpr char kTables[] =
    "CREATE TABLE bindings(id INTEGER PRIMARY KEY, server INTEGER, transport INTEGER,"
    " user_agent INTEGER, domain INTEGER, contact_address INTEGER, source_address INTEGER,"
    " other_address INTEGER, mac INTEGER, source_port INTEGER, cseq INTEGER, expires_at INTEGER,"
    " updated_at INTEGER, user TEXT, to_uri TEXT, contact TEXT, call_id TEXT, instance TEXT);"
    "CREATE TABLE outbound(id INTEGER PRIMARY KEY, account_id INTEGER, proxy INTEGER,"
    " status_code INTEGER, flags INTEGER, user_agent INTEGER);";

constexpr char kBindingIndexes[] =
    "CREATE INDEX by_user ON bindings(user);"
    "CREATE INDEX by_mac ON bindings(mac) WHERE mac IS NOT NULL;"
    "CREATE INDEX by_call_id ON bindings(call_id);"
    "CREATE INDEX by_contact_address ON bindings(contact_address);"
    "CREATE INDEX by_source_address ON bindings(source_address, contact_address);"
    "CREATE INDEX by_other_address ON bindings(other_address, contact_address, source_address)"
    " WHERE other_address IS NOT NULL;"
    "CREATE INDEX by_server ON bindings(server);"
    "CREATE INDEX by_transport ON bindings(transport);"
    "CREATE INDEX by_domain ON bindings(domain);"
    "CREATE INDEX by_user_agent ON bindings(user_agent);"
    "CREATE INDEX by_expiry ON bindings(expires_at);"
    "ANALYZE bindings;";

constexpr char kOutboundIndexes[] =
    "CREATE INDEX by_status_code ON outbound(status_code);"
    "CREATE INDEX by_account ON outbound(account_id);"
    "CREATE INDEX by_proxy ON outbound(proxy);"
    "ANALYZE outbound;";

constexpr char kBindingColumns[] =
    "server, transport, user_agent, domain, source_address, source_port, cseq, expires_at,"
    " updated_at, user, to_uri, contact, call_id, instance";

/// What is asked under one condition.
struct Query {
  Statement page;
  Statement count;
};
// The parameters of a page; those of the condition are ?1, ?2, ?3.
constexpr int kLimit = 8;
constexpr int kOffset = 9;
constexpr std::string_view kLimits = " LIMIT ?8 OFFSET ?9";

enum Condition {
  kUser,
  kMac,
  kCallId,
  kIp,
  kIpAgents,
  kServer,
  kTransport,
  kDomain,
  kThreeFields,
  kAll,
  kConditions
};

Condition ConditionOf(const Question& question) {
  if (question.ip) return question.user_agent.empty() ? kIp : kIpAgents;
  if (!question.user.empty()) return kUser;
  if (!question.mac.empty()) return kMac;
  if (!question.call_id.empty()) return kCallId;
  if (!question.user_agent.empty()) return kThreeFields;
  if (question.server) return kServer;
  if (question.transport) return kTransport;
  if (!question.domain.empty()) return kDomain;
  return kAll;
}

// Each row is in one of the parts only. The pluses keep SQLite from other indexes.
constexpr std::array<std::string_view, 3> kIpParts = {
    "contact_address BETWEEN ?1 AND ?2",
    "source_address BETWEEN ?1 AND ?2 AND +contact_address NOT BETWEEN ?1 AND ?2",
    "other_address >= ?1 AND other_address <= ?2 AND +contact_address NOT BETWEEN ?1 AND ?2"
    " AND +source_address NOT BETWEEN ?1 AND ?2"};

std::int64_t MacNumber(std::string_view mac) { return std::stoll(std::string(mac), nullptr, 16); }

class SqliteStore final : public QueryStore {
 public:
  SqliteStore();
  ~SqliteStore() override;

  void Add(const BindingRow& row) override;
  void Add(const OutboundRow& row) override;
  void FinishBindings() override;
  void FinishOutbound() override;
  bool Refresh(const BindingRow& row) override;
  void Answer(const Question& question, QueryAnswer& answer) override;

 private:
  void Execute(const char* sql);
  void Prepare();
  Query Where(std::string_view condition);
  Query WhereIp(std::string_view further);
  void Bind(const Question& question, Condition condition, Statement& statement);
  /// For json_each: "[3,7]".
  std::string AgentsThatBegin(std::string_view prefix) const;
  std::string CodesOf(const Question& question) const;
  void AnswerBindings(const Question& question, QueryAnswer& answer);
  void AnswerOutbound(const Question& question, QueryAnswer& answer);
  void AnswerGroups(QueryAnswer& answer);
  void AppendBinding(const Statement& row, QueryAnswer& answer);

  std::mutex mutex_;  // guards all below
  sqlite3* database_ = nullptr;
  Dictionary user_agents_;
  Dictionary domains_;
  std::set<std::uint16_t> status_codes_;
  Statement insert_binding_;
  Statement insert_outbound_;
  Statement refresh_;
  std::array<Query, kConditions> queries_;
  Query by_status_;
  Statement groups_;
  std::string list_;  // bound to a statement
  std::string aor_;   // of the row that is being copied
};

SqliteStore::SqliteStore() {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // has an effect before the first use only
  if (sqlite3_open_v2(":memory:", &database_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                      nullptr) != SQLITE_OK)
    FailSqlite(database_);
  Execute(kSettings);
  Execute(kTables);
  insert_binding_ = Statement(database_,
                              "INSERT INTO bindings VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                              " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
  insert_outbound_ = Statement(database_, "INSERT INTO outbound VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
  Execute("BEGIN");
}

SqliteStore::~SqliteStore() {
  for (Query& query : queries_) query = Query();
  by_status_ = Query();
  for (Statement* statement : {&insert_binding_, &insert_outbound_, &refresh_, &groups_})
    *statement = Statement();
  sqlite3_close(database_);
}

void SqliteStore::Execute(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) FailSqlite(database_);
}

void SqliteStore::Add(const BindingRow& row) {
  Statement& insert = insert_binding_;
  insert.Bind(1, row.server);
  insert.Bind(2, static_cast<std::int64_t>(row.transport));
  insert.Bind(3, user_agents_.Add(row.user_agent));
  insert.Bind(4, domains_.Add(row.domain));
  insert.Bind(5, row.contact_address);
  insert.Bind(6, row.source_address);
  insert.BindNull(7);
  if (row.call_id_address != 0 && row.call_id_address != row.contact_address)
    insert.Bind(7, row.call_id_address);
  insert.BindNull(8);
  if (!row.mac().empty()) insert.Bind(8, MacNumber(row.mac()));
  insert.Bind(9, row.source_port);
  insert.Bind(10, row.cseq);
  insert.Bind(11, absl::ToUnixSeconds(row.expires_at));
  insert.Bind(12, absl::ToUnixSeconds(row.updated_at));
  insert.Bind(13, row.aor.user());
  insert.Bind(14, row.to_uri);
  insert.Bind(15, row.contact);
  insert.Bind(16, row.call_id);
  insert.Bind(17, row.instance);
  insert.Step();
  insert.Reset();
}

void SqliteStore::Add(const OutboundRow& row) {
  status_codes_.insert(row.status_code);
  Statement& insert = insert_outbound_;
  insert.Bind(1, row.id);
  insert.Bind(2, row.account_id);
  insert.Bind(3, row.proxy);
  insert.Bind(4, row.status_code);
  insert.Bind(5, row.successful | row.deactivated << 1 | row.is_persistent << 2);
  insert.Bind(6, user_agents_.Add(row.user_agent));
  insert.Step();
  insert.Reset();
}

void SqliteStore::FinishBindings() {
  Execute("COMMIT");
  Execute(kBindingIndexes);
  Execute("BEGIN");
}

void SqliteStore::FinishOutbound() {
  Execute("COMMIT");
  Execute(kOutboundIndexes);
  Prepare();
  Execute("BEGIN");
}

void SqliteStore::Prepare() {
  queries_[kUser] = Where("user = ?1");
  queries_[kMac] = Where("mac = ?1");
  queries_[kCallId] = Where("call_id = ?1");
  queries_[kIp] = WhereIp("");
  queries_[kIpAgents] = WhereIp(" AND +user_agent IN (SELECT value FROM json_each(?3))");
  queries_[kServer] = Where("server = ?1");
  queries_[kTransport] = Where("transport = ?1");
  queries_[kDomain] = Where("domain = ?1");
  queries_[kThreeFields] = Where("server = ?1 AND transport = ?2 AND user_agent = ?3");
  // What is left out on the way to a deep page is narrow in an index, and its order stays.
  queries_[kAll] = {
      Statement(database_, Concat("SELECT ", kBindingColumns,
                                  " FROM bindings WHERE id IN (SELECT id FROM bindings"
                                  " INDEXED BY by_server",
                                  kLimits, ")")),
      Statement(database_, "SELECT count(*) FROM bindings")};
  const std::string by_status =
      "FROM outbound WHERE status_code IN (SELECT value FROM json_each(?1))";
  by_status_ = {Statement(database_, Concat("SELECT * ", by_status, kLimits)),
                Statement(database_, "SELECT count(*) " + by_status)};
  groups_ = Statement(database_, "SELECT server, count(*) FROM bindings GROUP BY server");
  refresh_ = Statement(database_,
                       "UPDATE bindings SET cseq = ?4, expires_at = ?5, updated_at = ?6"
                       " WHERE user = ?1 AND +domain = ?2 AND contact = ?3");
}

Query SqliteStore::Where(std::string_view condition) {
  const std::string from = Concat(" FROM bindings WHERE ", condition);
  return {Statement(database_, Concat("SELECT ", kBindingColumns, from, kLimits)),
          Statement(database_, Concat("SELECT count(*)", from))};
}

Query SqliteStore::WhereIp(std::string_view further) {
  std::string page;
  std::string count = "SELECT 0";
  for (const std::string_view part : kIpParts) {
    const std::string from = Concat(" FROM bindings WHERE ", part, further);
    page += Concat(page.empty() ? "" : " UNION ALL ", "SELECT ", kBindingColumns, from);
    count += Concat(" + (SELECT count(*)", from, ")");
  }
  return {Statement(database_, Concat(page, kLimits)), Statement(database_, count)};
}

bool SqliteStore::Refresh(const BindingRow& row) {
  const std::lock_guard lock(mutex_);
  refresh_.Bind(1, row.aor.user());
  refresh_.Bind(2, domains_.Find(row.domain));
  refresh_.Bind(3, row.contact);
  refresh_.Bind(4, row.cseq);
  refresh_.Bind(5, absl::ToUnixSeconds(row.expires_at));
  refresh_.Bind(6, absl::ToUnixSeconds(row.updated_at));
  refresh_.Step();
  refresh_.Reset();
  return sqlite3_changes(database_) == 1;
}

void SqliteStore::Answer(const Question& question, QueryAnswer& answer) {
  const std::lock_guard lock(mutex_);
  answer.Clear();
  if (question.kind == QuestionKind::kGroupByServer) {
    AnswerGroups(answer);
  } else if (!question.status.empty()) {
    AnswerOutbound(question, answer);
  } else {
    AnswerBindings(question, answer);
  }
}

void SqliteStore::AnswerGroups(QueryAnswer& answer) {
  while (groups_.Step()) {
    const auto server = static_cast<core::ServerId>(groups_.Number(0));
    const auto bindings = static_cast<std::uint64_t>(groups_.Number(1));
    answer.groups.push_back({server, bindings});
    answer.total += bindings;
  }
  groups_.Reset();
}

/// The total, when the page has not told it.
std::uint64_t Total(std::size_t page_rows, std::uint64_t offset, Statement& count) {
  if (page_rows > 0 && page_rows < kPageRows) return offset + page_rows;
  if (page_rows == 0 && offset == 0) return 0;
  count.Step();
  const auto total = static_cast<std::uint64_t>(count.Number(0));
  count.Reset();
  return total;
}

void SqliteStore::AnswerOutbound(const Question& question, QueryAnswer& answer) {
  list_ = CodesOf(question);
  Statement& page = by_status_.page;
  page.Bind(1, list_);
  page.Bind(kLimit, static_cast<std::int64_t>(kPageRows));
  page.Bind(kOffset, static_cast<std::int64_t>(question.offset));
  while (page.Step()) {
    OutboundRow& row = answer.outbound.emplace_back();
    row.id = static_cast<std::uint32_t>(page.Number(0));
    row.account_id = static_cast<std::uint32_t>(page.Number(1));
    row.proxy = static_cast<std::uint16_t>(page.Number(2));
    row.status_code = static_cast<std::uint16_t>(page.Number(3));
    const std::int64_t flags = page.Number(4);
    row.successful = (flags & 1) != 0;
    row.deactivated = (flags & 2) != 0;
    row.is_persistent = (flags & 4) != 0;
    row.user_agent = user_agents_.TextOf(page.Number(5));
  }
  page.Reset();
  by_status_.count.Bind(1, list_);
  answer.total = Total(answer.outbound.size(), question.offset, by_status_.count);
}

void SqliteStore::AnswerBindings(const Question& question, QueryAnswer& answer) {
  const Condition condition = ConditionOf(question);
  auto& [page, count] = queries_[condition];
  if (condition == kIpAgents) list_ = AgentsThatBegin(question.user_agent);
  Bind(question, condition, page);
  page.Bind(kLimit, static_cast<std::int64_t>(kPageRows));
  page.Bind(kOffset, static_cast<std::int64_t>(question.offset));
  while (page.Step()) AppendBinding(page, answer);
  page.Reset();
  Bind(question, condition, count);
  answer.total = Total(answer.bindings.size(), question.offset, count);
}

void SqliteStore::Bind(const Question& question, Condition condition, Statement& statement) {
  switch (condition) {
    case kUser:
      return statement.Bind(1, question.user);
    case kMac:
      return statement.Bind(1, MacNumber(question.mac));
    case kCallId:
      return statement.Bind(1, question.call_id);
    case kIpAgents:
      statement.Bind(3, list_);
      [[fallthrough]];
    case kIp:
      statement.Bind(1, question.ip.value_or(AddressRange()).first);
      return statement.Bind(2, question.ip.value_or(AddressRange()).last);
    case kThreeFields:
      statement.Bind(2,
                     static_cast<std::int64_t>(question.transport.value_or(core::Transport::kUdp)));
      statement.Bind(3, user_agents_.Find(question.user_agent));
      [[fallthrough]];
    case kServer:
      return statement.Bind(1, question.server.value_or(0));
    case kTransport:
      return statement.Bind(
          1, static_cast<std::int64_t>(question.transport.value_or(core::Transport::kUdp)));
    case kDomain:
      return statement.Bind(1, domains_.Find(question.domain));
    case kAll:
    case kConditions:
      return;
  }
}

std::string SqliteStore::AgentsThatBegin(std::string_view prefix) const {
  std::string list;
  for (std::size_t number = 0; number < user_agents_.texts().size(); ++number) {
    if (user_agents_.texts()[number].starts_with(prefix))
      list += Concat(list.empty() ? "" : ",", number);
  }
  return Concat("[", list, "]");
}

std::string SqliteStore::CodesOf(const Question& question) const {
  OutboundRow row;
  std::string list;
  for (const std::uint16_t code : status_codes_) {
    row.status_code = code;
    if (Matches(question, row)) list += Concat(list.empty() ? "" : ",", code);
  }
  return Concat("[", list, "]");
}

void SqliteStore::AppendBinding(const Statement& row, QueryAnswer& answer) {
  core::Binding binding;
  binding.server = static_cast<core::ServerId>(row.Number(0));
  binding.transport = static_cast<core::Transport>(row.Number(1));
  binding.user_agent = user_agents_.TextOf(row.Number(2));
  binding.source_address = core::IpAddress::FromV4(static_cast<std::uint32_t>(row.Number(4)));
  binding.source_port = static_cast<std::uint16_t>(row.Number(5));
  binding.cseq = static_cast<std::uint32_t>(row.Number(6));
  binding.expires_at = absl::FromUnixSeconds(row.Number(7));
  binding.registered_at = kNow;
  binding.updated_at = absl::FromUnixSeconds(row.Number(8));
  const std::string_view user = row.Text(9);
  aor_ = Concat(user, "@", domains_.TextOf(row.Number(3)));
  binding.aor = aor_;
  binding.user = binding.aor.substr(0, user.size());
  binding.to_uri = row.Text(10);
  binding.contact = row.Text(11);
  binding.contact_uri = binding.contact.substr(1, binding.contact.size() - 2);
  binding.call_id = row.Text(12);
  binding.instance = row.Text(13);
  binding.instrument = core::InstrumentFromInstance(binding.instance);
  answer.bindings.Append(binding);
}

}  // namespace

std::unique_ptr<QueryStore> MakeSqliteStore() { return std::make_unique<SqliteStore>(); }

}  // namespace muster::bench
