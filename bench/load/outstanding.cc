#include "bench/load/outstanding.h"

#include <charconv>

#include "bench/load/answer.h"

namespace muster::bench {
namespace {

// A transaction's number is its serial and, in the low bits, its slot.
constexpr unsigned kSlotBits = 20;
constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;
constexpr std::string_view kCookie = "z9hG4bK";

bool ParseBranch(std::string_view branch, std::uint64_t& number) {
  if (!branch.starts_with(kCookie)) return false;
  branch.remove_prefix(kCookie.size());
  const auto [end, error] =
      std::from_chars(branch.data(), branch.data() + branch.size(), number, 16);
  return error == std::errc() && end == branch.data() + branch.size();
}

std::string_view WhatIsWrong(const Answer& answer, const RegisterText& request) {
  if (answer.status_code != 200) return "status code is not 200";
  if (answer.branch != request.branch) return "branch differs";
  if (answer.call_id != request.call_id) return "Call-ID differs";
  if (answer.cseq != request.cseq) return "CSeq differs";
  if (!ListsContact(answer, request.contact_uri)) return "Contact is not listed";
  return {};
}

}  // namespace

Outstanding::Outstanding(std::size_t capacity) : slots_(capacity) {
  free_.reserve(capacity);
  for (std::size_t slot = capacity; slot > 0; --slot) {
    free_.push_back(static_cast<std::uint32_t>(slot - 1));
  }
}

Transaction& Outstanding::Begin(Time now) {
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  Transaction& transaction = slots_[slot];
  transaction.number = (next_serial_++ << kSlotBits) | slot;
  transaction.waiting = true;
  transaction.transmissions = 1;
  transaction.begun = now;
  transaction.sent = now;
  return transaction;
}

void Outstanding::End(Transaction& transaction) {
  transaction.waiting = false;
  free_.push_back(static_cast<std::uint32_t>(transaction.number & kSlotMask));
}

Judgement Outstanding::Settle(std::string_view bytes) {
  Answer answer;
  if (!ReadAnswer(bytes, answer)) return {Verdict::kWrong, "not an answer", {}};
  std::uint64_t number = 0;
  if (!ParseBranch(answer.branch, number) || number >> kSlotBits >= next_serial_ ||
      (number & kSlotMask) >= slots_.size()) {
    return {Verdict::kWrong, "branch of no request", {}};
  }
  Transaction& transaction = slots_[number & kSlotMask];
  if (transaction.number != number || !transaction.waiting) return {Verdict::kStale, {}, {}};
  const std::string_view wrong = WhatIsWrong(answer, transaction.request);
  End(transaction);
  if (!wrong.empty()) return {Verdict::kWrong, wrong, {}};
  return {Verdict::kRight, {}, transaction.begun};
}

}  // namespace muster::bench
