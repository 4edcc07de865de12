#include "response_head.h"

#include <charconv>

#include "date_text.h"

namespace muster::http {
namespace {

void AppendField(std::string_view name, std::string_view value, std::string& out) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

void AppendFraming(const Response& response, Framing framing, std::string& out) {
  if (framing == Framing::kContentLength) {
    AppendField("Content-Length", std::to_string(response.body.size()), out);
  } else if (framing == Framing::kChunked) {
    AppendField("Transfer-Encoding", "chunked", out);
  }
}

}  // namespace

void AppendHead(const Response& response, const Delivery& delivery, std::string& out) {
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += ReasonPhrase(response.status);
  out += "\r\n";
  AppendField("Date", HttpDate(delivery.date), out);
  if (!response.content_type.empty()) AppendField("Content-Type", response.content_type, out);
  for (const Header& header : response.headers) AppendField(header.name, header.value, out);
  AppendFraming(response, delivery.framing, out);
  AppendField("Connection", delivery.keep_alive ? "keep-alive" : "close", out);
  out += "\r\n";
}

void AppendPiece(Framing framing, std::string_view piece, std::string& out) {
  if (framing != Framing::kChunked) {
    out += piece;
    return;
  }
  char size[16];
  const auto end = std::to_chars(size, size + sizeof(size), piece.size(), 16).ptr;
  out.append(size, static_cast<std::size_t>(end - size));
  out += "\r\n";
  out += piece;
  out += "\r\n";
}

void AppendEnd(Framing framing, std::string& out) {
  if (framing == Framing::kChunked) out += "0\r\n\r\n";
}

}  // namespace muster::http
