#include "wal_check.h"

#include <bit>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace muster::journal {
namespace {

// As https://www.sqlite.org/fileformat2.html#the_write_ahead_log has it: numbers are big-endian.
constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kFrameHeaderSize = 24;
constexpr std::uint32_t kMagic = 0x377F0682;  // its last bit: checksums are of big-endian words
constexpr std::size_t kUsualPageSize = 4'096;

std::uint32_t NumberAt(std::string_view bytes, std::size_t offset) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[offset + i]);
  }
  return number;
}

struct Sum {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};

Sum SumAt(std::string_view bytes, std::size_t offset) {
  return {NumberAt(bytes, offset), NumberAt(bytes, offset + 4)};
}

class Wal {
 public:
  explicit Wal(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    std::string header(kHeaderSize, '\0');
    if (error || !file_.read(header.data(), kHeaderSize)) return;
    big_endian_ = (NumberAt(header, 0) & 1) != 0;
    has_header_ = (NumberAt(header, 0) & ~1U) == kMagic &&
                  Add({}, std::string_view(header).substr(0, 24)) == SumAt(header, 24);
    if (!has_header_) big_endian_ = std::endian::native == std::endian::big;
    page_size_ = has_header_ ? NumberAt(header, 8) : kUsualPageSize;
    if (page_size_ == 0) return;
    frames_ = (size - kHeaderSize) / (kFrameHeaderSize + page_size_);
    salts_ = SumAt(header, 16);
    sum_ = SumAt(header, 24);
  }

  std::size_t frames() const { return frames_; }
  bool has_header() const { return has_header_; }
  /// Of the frame that was read.
  bool is_right() const { return is_salted_ && is_summed_; }
  bool is_commit() const { return is_salted_ && is_commit_; }

  /// The next one; false when it cannot be read.
  bool Read() {
    frame_.resize(kFrameHeaderSize + page_size_);
    if (!file_.read(frame_.data(), static_cast<std::streamsize>(frame_.size()))) return false;
    const std::string_view frame = frame_;
    // Without a header the first frame says whose generation this is.
    if (!has_header_ && !std::exchange(has_salts_, true)) salts_ = SumAt(frame, 8);
    is_commit_ = NumberAt(frame, 4) != 0;
    is_salted_ = SumAt(frame, 8) == salts_;
    const Sum sum = Add(Add(sum_, frame.substr(0, 8)), frame.substr(kFrameHeaderSize));
    sum_ = SumAt(frame, 16);  // what the frame behind it goes on from, right or not
    is_summed_ = sum == sum_;
    return true;
  }

 private:
  Sum Add(Sum sum, std::string_view bytes) const {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
      sum.a += WordAt(bytes, i) + sum.b;
      sum.b += WordAt(bytes, i + 4) + sum.a;
    }
    return sum;
  }

  std::uint32_t WordAt(std::string_view bytes, std::size_t offset) const {
    const std::uint32_t word = NumberAt(bytes, offset);
    return big_endian_ ? word : __builtin_bswap32(word);
  }

  std::ifstream file_;
  std::size_t page_size_ = 0;
  std::size_t frames_ = 0;
  bool has_header_ = false;
  bool has_salts_ = false;
  bool big_endian_ = false;
  Sum salts_;
  Sum sum_;
  std::string frame_;
  bool is_commit_ = false;
  bool is_salted_ = false;
  bool is_summed_ = false;
};

}  // namespace

std::string DamageInWal(const std::filesystem::path& path) {
  Wal wal(path);
  std::size_t end = 0;
  while (wal.has_header() && end < wal.frames() && wal.Read() && wal.is_right()) ++end;
  if (end == wal.frames()) return "";
  if (!wal.has_header() && !wal.Read()) return "";
  // Behind the end: what was left over by a transaction that failed has one commit in a row.
  std::size_t commits = wal.is_commit() ? 1 : 0;
  std::size_t in_a_row = commits;
  bool is_damage = false;
  for (std::size_t i = end + 1; i < wal.frames() && wal.Read(); ++i) {
    if (!wal.is_right()) in_a_row = 0;
    if (!wal.is_commit()) continue;
    ++commits;
    is_damage |= ++in_a_row >= 2;
  }
  if (!is_damage) return "";
  const std::string where =
      wal.has_header() ? absl::StrCat("frame ", end + 1, " of ", wal.frames()) : "the header";
  return absl::StrCat(path.string(), ": ", where, " is damaged, and what ", commits,
                      " commits from there on have stored cannot be read");
}

}  // namespace muster::journal
