#pragma once

// What musterd is told: by flags, by the environment, by a TOML file. A flag beats the environment,
// the environment beats the file.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/listen_http.h"
#include "muster/core/registrar.h"
#include "muster/sip/listen_address.h"
#include "spdlog/common.h"

namespace muster::daemon {

enum class LogFormat { kText, kJson };

/// What a 200 promises: see interface of --durability.
enum class Durability { kMemory, kProcess, kPower };

struct Options {
  std::vector<sip::ListenAddress> sip;
  HttpListenAddress http;
  bool http_auth = true;
  std::filesystem::path data = "./muster-data";
  Durability durability = Durability::kPower;
  core::RegistrarOptions registrar;
  std::size_t workers = 1;
  spdlog::level::level_enum log_level = spdlog::level::info;
  LogFormat log_format = LogFormat::kText;
};

/// The program ends before it has begun: with help, or with what is wrong.
struct EarlyExit {
  int code = 0;
  std::string text;  // for stdout when the code is 0, else one line for stderr
};

/// Value of an environment variable, or nullopt.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

std::variant<Options, EarlyExit> ReadOptions(int argc, const char* const* argv,
                                             const Environment& environment);

}  // namespace muster::daemon
