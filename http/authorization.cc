#include "muster/http/authorization.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"

namespace muster::http {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

bool EqualInConstantTime(std::string_view secret, std::string_view given) {
  if (secret.size() != given.size()) return false;
  volatile unsigned char difference = 0;  // volatile: no early way out for the optimizer
  for (std::size_t i = 0; i < secret.size(); ++i) {
    difference = static_cast<unsigned char>(difference | (secret[i] ^ given[i]));
  }
  return difference == 0;
}

/// The credentials behind `scheme`, whose name ignores case (RFC 9110 11.1).
std::optional<std::string_view> CredentialsOf(std::string_view authorization,
                                              std::string_view scheme) {
  if (!absl::StartsWithIgnoreCase(ToAbsl(authorization), ToAbsl(scheme))) return std::nullopt;
  authorization.remove_prefix(scheme.size());
  if (authorization.empty() || authorization.front() != ' ') return std::nullopt;
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

std::optional<std::string> PasswordOf(std::string_view basic_credentials) {
  std::string user_and_password;
  if (!absl::Base64Unescape(ToAbsl(basic_credentials), &user_and_password)) return std::nullopt;
  const std::size_t colon = user_and_password.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return user_and_password.substr(colon + 1);
}

}  // namespace

Authorization Authorization::WithToken(std::string token) {
  return Authorization(std::optional<std::string>(std::move(token)));
}

Authorization Authorization::Off() { return Authorization(std::nullopt); }

bool Authorization::Admits(std::string_view authorization) const {
  if (!token_) return true;
  if (token_->empty()) return false;
  if (const auto bearer = CredentialsOf(authorization, "Bearer")) {
    return EqualInConstantTime(*token_, *bearer);
  }
  if (const auto basic = CredentialsOf(authorization, "Basic")) {
    const auto password = PasswordOf(*basic);
    return password && EqualInConstantTime(*token_, *password);
  }
  return false;
}

Response Authorization::Challenge(std::string_view path) const {
  Response response =
      Response::Error(path, 401, "unauthorized", "the operator's token is required");
  response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"muster\""});
  response.headers.push_back({"WWW-Authenticate", "Basic realm=\"muster\", charset=\"UTF-8\""});
  return response;
}

}  // namespace muster::http
