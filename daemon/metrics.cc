#include "daemon/metrics.h"

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <utility>
#include <vector>

#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"

namespace muster::daemon {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily Counter(const char* name, const char* help, std::uint64_t value) {
  ClientMetric metric;
  metric.counter.value = static_cast<double>(value);
  return {name, help, MetricType::Counter, {metric}};
}

MetricFamily Gauge(const char* name, const char* help, std::size_t value) {
  ClientMetric metric;
  metric.gauge.value = static_cast<double>(value);
  return {name, help, MetricType::Gauge, {metric}};
}

MetricFamily RegistersByCode(const sip::CounterValues& counters) {
  MetricFamily family{"muster_register_requests_total",
                      "REGISTER requests answered, by status code",
                      MetricType::Counter,
                      {}};
  for (std::size_t code = 0; code < counters.registers_by_code.size(); ++code) {
    if (counters.registers_by_code[code] == 0) continue;
    ClientMetric metric;
    metric.label = {{"code", std::to_string(code)}};
    metric.counter.value = static_cast<double>(counters.registers_by_code[code]);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily RegisterTimes(const sip::CounterValues& counters) {
  ClientMetric metric;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < counters.registers_by_time.size(); ++i) {
    count += counters.registers_by_time[i];
    if (i == sip::kTimeBucketMicros.size()) break;
    metric.histogram.bucket.push_back({count, sip::kTimeBucketMicros[i] / 1e6});
  }
  metric.histogram.sample_count = count;
  metric.histogram.sample_sum = counters.register_seconds_sum;
  return {"muster_register_seconds",
          "From receiving a REGISTER to sending its answer, that of its whole batch",
          MetricType::Histogram,
          {std::move(metric)}};
}

void AddJournal(const JournalMetrics& journal, std::vector<MetricFamily>& families) {
  const journal::CommitterCounts& counts = journal.counts;
  ClientMetric seconds;
  seconds.summary.sample_count = counts.batches;
  seconds.summary.sample_sum = counts.commit_seconds;
  families.push_back({"muster_journal_commit_seconds",
                      "Storing a batch of changes",
                      MetricType::Summary,
                      {seconds}});
  families.push_back(
      Counter("muster_journal_changes_total", "Changes that were stored", counts.changes));
  families.push_back(Counter("muster_journal_failures_total",
                             "Batches, trials, snapshots and checkpoints that failed",
                             counts.failures));
  families.push_back(Gauge("muster_journal_failing",
                           "1 while nothing can be stored and changes are refused",
                           counts.failing ? 1 : 0));
  families.push_back(
      Counter("muster_journal_snapshots_total", "Snapshots that were written", counts.snapshots));
  families.push_back(Gauge("muster_journal_tail_bytes", "Records behind the newest snapshot",
                           journal.journal->tail_bytes()));
  families.push_back(Gauge("muster_journal_snapshot_bytes", "The newest snapshot",
                           journal.journal->snapshot_bytes()));
  families.push_back(
      Gauge("muster_journal_disk_bytes", "The journal on disk", journal.journal->disk_bytes()));
}

std::size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string MetricsText(const sip::CounterValues& counters, const core::LocationService& location,
                        const JournalMetrics& journal, std::size_t dropped_log_lines,
                        absl::Time now) {
  std::vector<MetricFamily> families = {
      RegistersByCode(counters),
      RegisterTimes(counters),
      Gauge("muster_bindings", "Bindings that are current",
            location.Count(core::BindingFilter::All(), now)),
      Gauge("muster_table_bytes", "Memory of the table of bindings, roughly",
            location.MemoryBytes()),
      Counter("muster_sip_messages_total", "SIP messages received", counters.messages),
      Counter("muster_sip_malformed_total", "SIP messages that were malformed", counters.malformed),
      Counter("muster_sip_retransmissions_total", "Requests answered from memory",
              counters.retransmissions),
      Counter("muster_sip_connections_refused_total", "Connections beyond the limit",
              counters.connections_refused),
      Counter("muster_log_lines_dropped_total", "Log lines that stderr was too slow for",
              dropped_log_lines),
      Gauge("process_resident_memory_bytes", "Resident memory", ResidentBytes()),
  };
  if (journal.journal != nullptr) AddJournal(journal, families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace muster::daemon
