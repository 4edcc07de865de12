#include "location/answer.h"

#include <array>

#include "absl/time/civil_time.h"
#include "muster/core/text.h"
#include "muster/parser/uri.h"

namespace muster::core {
namespace {

using parser::HeaderId;
using parser::Writer;

/// sent-by differs from where the message came from, so that `received` must say it (18.2.1).
bool NeedsReceived(const parser::Via& via, const Source& source) {
  const auto sent_by = IpAddress::Parse(via.host);
  return via.has_rport || !sent_by || *sent_by != source.address;
}

void WriteAddress(const IpAddress& address, Writer& writer) {
  std::array<char, 46> text;
  writer.Text({text.data(), address.Write(text.data())});
}

/// The top Via with rport and received as this server saw them; those of the sender are not
/// believed.
void WriteTopVia(const parser::Via& via, const Source& source, Writer& writer) {
  if (!NeedsReceived(via, source) && via.received.empty()) {
    writer.Text(via.text);
    return;
  }
  writer.Text(via.text.substr(0, via.text.find(';')));
  parser::ParameterReader reader(via.params);
  for (parser::Parameter parameter; reader.Next(parameter);) {
    if (EqualsIgnoringCase(parameter.name, "received")) continue;
    writer.Text(";");
    writer.Text(parameter.name);
    if (EqualsIgnoringCase(parameter.name, "rport")) {
      writer.Text("=");
      writer.Number(source.port);
    } else if (parameter.has_value) {
      writer.Text("=");
      writer.Text(parameter.value);
    }
  }
  if (NeedsReceived(via, source)) {
    writer.Text(";received=");
    WriteAddress(source.address, writer);
  }
}

void WriteVias(const parser::Message& message, const Source& source, Writer& writer) {
  bool top = true;
  for (const parser::HeaderField& field : message.headers()) {
    if (field.id != HeaderId::kVia) continue;
    writer.Begin(HeaderId::kVia);
    if (top) {
      WriteTopVia(message.top_via, source, writer);
      writer.Text(field.value.substr(message.top_via.text.size()));
    } else {
      writer.Text(field.value);
    }
    writer.End();
    top = false;
  }
}

void WriteTo(const parser::Message& message, std::uint64_t tag, Writer& writer) {
  const parser::HeaderField* to = message.Find(HeaderId::kTo);
  if (to == nullptr) return;
  writer.Begin(HeaderId::kTo);
  writer.Text(to->value);
  if (!message.to.text.empty() && message.to_tag.empty()) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::array<char, 16> text;
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = kHex[(tag >> (4 * i)) & 0xF];
    writer.Text(";tag=");
    writer.Text({text.data(), text.size()});
  }
  writer.End();
}

void WriteTwoDigits(int number, Writer& writer) {
  const std::array<char, 2> digits = {static_cast<char>('0' + number / 10),
                                      static_cast<char>('0' + number % 10)};
  writer.Text({digits.data(), digits.size()});
}

void Copy(const parser::Message& message, HeaderId id, Writer& writer) {
  if (const parser::HeaderField* field = message.Find(id)) writer.Header(id, field->value);
}

}  // namespace

std::string_view ReasonPhrase(int code) {
  switch (code) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Request Entity Too Large";
    case 414:
      return "Request-URI Too Long";
    case 416:
      return "Unsupported URI Scheme";
    case 420:
      return "Bad Extension";
    case 423:
      return "Interval Too Brief";
    case 481:
      return "Call/Transaction Does Not Exist";
    case 482:
      return "Loop Detected";
    case 500:
      return "Server Internal Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "Version Not Supported";
    case 513:
      return "Message Too Large";
    default:
      return "Unknown";
  }
}

void WriteAnswerHead(const parser::Message& message, const Source& source, int code,
                     std::uint64_t to_tag, Writer& writer) {
  writer.StatusLine(code, ReasonPhrase(code));
  WriteVias(message, source, writer);
  Copy(message, HeaderId::kFrom, writer);
  WriteTo(message, to_tag, writer);
  Copy(message, HeaderId::kCallId, writer);
  Copy(message, HeaderId::kCSeq, writer);
}

void WriteDate(absl::Time now, Writer& writer) {
  static constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                            "Fri", "Sat", "Sun"};
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const absl::CivilSecond utc = absl::ToCivilSecond(now, absl::UTCTimeZone());
  writer.Begin(HeaderId::kDate);
  writer.Text(kDays[static_cast<std::size_t>(absl::GetWeekday(utc))]);
  writer.Text(", ");
  WriteTwoDigits(utc.day(), writer);
  writer.Text(" ");
  writer.Text(kMonths[static_cast<std::size_t>(utc.month() - 1)]);
  writer.Text(" ");
  writer.Number(static_cast<std::uint64_t>(utc.year()));
  writer.Text(" ");
  WriteTwoDigits(utc.hour(), writer);
  writer.Text(":");
  WriteTwoDigits(utc.minute(), writer);
  writer.Text(":");
  WriteTwoDigits(utc.second(), writer);
  writer.Text(" GMT");
  writer.End();
}

}  // namespace muster::core
