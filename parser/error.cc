#include "muster/parser/error.h"

namespace muster::parser {

std::string_view Describe(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "no error";
    case ErrorCode::kBadStartLine:
      return "neither a request line nor a status line";
    case ErrorCode::kBadVersion:
      return "SIP version is not 2.0";
    case ErrorCode::kBadLineEnd:
      return "CR or LF that is no line end";
    case ErrorCode::kNulByte:
      return "NUL outside a quoted string";
    case ErrorCode::kBadHeader:
      return "header line without a valid name and colon";
    case ErrorCode::kTruncated:
      return "message ends early";
    case ErrorCode::kMessageTooLarge:
      return "message too large";
    case ErrorCode::kBodyTooLarge:
      return "body too large";
    case ErrorCode::kTooManyHeaders:
      return "too many header fields";
    case ErrorCode::kTooManyContacts:
      return "too many Contacts";
    case ErrorCode::kUriTooLong:
      return "URI too long";
    case ErrorCode::kTooManyParameters:
      return "too many parameters";
    case ErrorCode::kTooManyListValues:
      return "too many values in a list";
    case ErrorCode::kMissingHeader:
      return "required header field missing";
    case ErrorCode::kDuplicateHeader:
      return "header field doubled that may stand once";
    case ErrorCode::kBadContentLength:
      return "bad Content-Length";
    case ErrorCode::kBadNumber:
      return "number out of range or no number";
    case ErrorCode::kBadUri:
      return "bad URI";
    case ErrorCode::kBadNameAddr:
      return "bad name or address";
    case ErrorCode::kBadVia:
      return "bad Via";
    case ErrorCode::kBadCSeq:
      return "bad CSeq";
    case ErrorCode::kMethodMismatch:
      return "CSeq method differs from the request's";
    case ErrorCode::kBadParameter:
      return "bad parameter";
    case ErrorCode::kBadContactStar:
      return "Contact * beside another Contact";
    case ErrorCode::kBadToken:
      return "bad or missing token";
    case ErrorCode::kUnterminatedQuote:
      return "quoted string does not end";
    case ErrorCode::kDuplicateParameter:
      return "parameter doubled that may stand once";
    case ErrorCode::kBadValue:
      return "header field value does not follow its grammar";
    case ErrorCode::kBadCredentials:
      return "bad credentials";
  }
  return "unknown error";
}

}  // namespace muster::parser
