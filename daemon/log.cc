#include "daemon/log.h"

#include <memory>
#include <utility>

#include "spdlog/async.h"
#include "spdlog/pattern_formatter.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace muster::daemon {
namespace {

/// "%*" of a pattern: the message as the inside of a JSON text.
class JsonMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    for (const char c : message.payload) {
      if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
      } else if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
      } else {
        out.push_back(c);
      }
    }
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessage>();
  }
};

std::unique_ptr<spdlog::formatter> FormatterFor(LogFormat format) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  if (format == LogFormat::kJson) {
    formatter->add_flag<JsonMessage>('*');
    formatter->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*"})");
  } else {
    formatter->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v");
  }
  return formatter;
}

}  // namespace

void StartLog(spdlog::level::level_enum level, LogFormat format) {
  spdlog::init_thread_pool(kLogQueueLines, 1);
  auto logger = std::make_shared<spdlog::async_logger>(
      "muster", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
      spdlog::async_overflow_policy::overrun_oldest);
  logger->set_formatter(FormatterFor(format));
  logger->set_level(level);
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

void StopLog() { spdlog::shutdown(); }

std::size_t DroppedLogLines() {
  const auto pool = spdlog::thread_pool();
  return pool ? pool->overrun_counter() : 0;
}

void RefusalLog::OnRefused(const core::RefusedRegister& refused) {
  if (!spdlog::should_log(spdlog::level::info)) return;
  const bool ipv6 = !refused.source.address.is_v4();
  spdlog::info("REGISTER refused: aor={} source={}:{}{}{}:{} code={} reason=\"{}\"",
               refused.aor.empty() ? "-" : refused.aor,
               core::TransportName(refused.source.transport), ipv6 ? "[" : "",
               refused.source.address.ToString(), ipv6 ? "]" : "", refused.source.port,
               refused.code, refused.reason);
}

}  // namespace muster::daemon
