#include "openapi.h"

#include <initializer_list>
#include <string_view>

#include "binding_conditions.h"
#include "binding_query.h"
#include "muster/core/limits.h"

namespace muster::http::v1 {
namespace {

using core::BindingField;
using core::BindingFieldInfo;
using core::FieldType;

// Texts in here are JSON: a quotation mark would need its backslash.

std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

struct FieldText {
  std::string_view description;
  std::string_view example;  // of its filter
};

FieldText TextOf(BindingField field) {
  switch (field) {
    case BindingField::kAor:
      return {"The address of record, user@domain in canonical form.", "alice@example.com"};
    case BindingField::kUser:
      return {"User part of the AoR.", "alice;bob"};
    case BindingField::kDomain:
      return {"Domain of the AoR.", "example.com"};
    case BindingField::kContact:
      return {
          "The Contact as name-addr with its parameters but q and expires. A filter takes the "
          "URI alone too.",
          "sip:alice@192.0.2.*"};
    case BindingField::kMac:
      return {"The phone's MAC, 12 lower-case hex digits; a filter takes any notation.",
              "00:04:F2:AB:CD:EF"};
    case BindingField::kInstance:
      return {"+sip.instance (RFC 5626) without angle brackets.", "urn:uuid:*"};
    case BindingField::kInstrument:
      return {"The phone's instrument, as received.", ""};
    case BindingField::kIp:
      return {
          "Address that the REGISTER came from. A filter also asks for the Contact's host and "
          "the Call-ID's, and takes blocks.",
          "10.0.0.0/8;2001:db8::/32"};
    case BindingField::kPort:
      return {"Port that the REGISTER came from.", "5060:5070"};
    case BindingField::kTransport:
      return {"Transport that the REGISTER came over.", "!udp"};
    case BindingField::kCallId:
      return {"Call-ID.", "422435595@192.0.2.17"};
    case BindingField::kServer:
      return {"Address of the node that took the REGISTER. A filter takes its id and name too.",
              "1;10.5.*"};
    case BindingField::kUserAgent:
      return {"User-Agent.", "Yealink*"};
    case BindingField::kExpiresIn:
      return {"Seconds left.", ":60"};
    case BindingField::kRegisteredAt:
      return {"When it came to be.", "2024-11-20T12:00:00Z:"};
    case BindingField::kUpdatedAt:
      return {"When the last REGISTER changed it.", "1732104000:1732107600"};
    case BindingField::kRegId:
      return {"reg-id (RFC 5626).", "1"};
    case BindingField::kPath:
      return {"Path values in order, joined by commas (RFC 3327).", "<sip:p1.example.com*"};
  }
  return {};
}

std::string_view SyntaxOf(BindingField field) {
  if (field == BindingField::kTransport) return "a;b any of, !a;b none of.";
  if (field == BindingField::kServer) return "a;b any of, !a;b none of, a* what begins so.";
  switch (core::InfoOf(field).type) {
    case FieldType::kText:
      return "a;b any of, !a;b none of, a* what begins so.";
    case FieldType::kNumber:
    case FieldType::kTime:
      return "a;b any of, !a;b none of, a:b from and to, a: and :b open.";
    case FieldType::kAddress:
      return "a;b any of, !a;b none of, an address with /bits a block.";
  }
  return "";
}

std::string Reference(std::string_view kind, std::string_view name) {
  return Joined({R"({"$ref":"#/components/)", kind, "/", name, R"("})"});
}

/// Definitions of an object's members and references to them grow together.
struct Parameters {
  std::string definitions;
  std::string references;

  void Add(std::string_view name, std::string_view description, std::string_view schema,
           std::string_view more = "") {
    const std::string_view comma = definitions.empty() ? "" : ",";
    definitions +=
        Joined({comma, "\"", name, R"(":{"name":")", name, R"(","in":"query","description":")",
                description, R"(","schema":)", schema, more, "}"});
    references += Joined({comma, Reference("parameters", name)});
  }
};

/// Each filter may be given again, so its values are an array.
Parameters FilterParameters() {
  Parameters parameters;
  for (const BindingFieldInfo& info : core::kBindingFieldInfos) {
    const auto field = FindBindingField(info.name);
    if (!field) continue;
    const auto [description, example] = TextOf(*field);
    parameters.Add(info.name, Joined({description, " ", SyntaxOf(*field)}),
                   R"({"type":"array","items":{"type":"string","minLength":1}})",
                   Joined({R"(,"example":[")", example, R"("])"}));
  }
  return parameters;
}

Parameters PageParameters() {
  Parameters parameters;
  for (const ListParameter& parameter : ListParameters()) {
    parameters.Add(parameter.name, parameter.description, parameter.schema);
  }
  return parameters;
}

std::string TypeOf(BindingField field) {
  if (field == BindingField::kServer) return R"("type":"string")";
  if (field == BindingField::kMac) return R"("type":"string","pattern":"^[0-9a-f]{12}$")";
  if (field == BindingField::kTransport) {
    return R"("type":"string","enum":["udp","tcp","tls","ws","wss"])";
  }
  switch (core::InfoOf(field).type) {
    case FieldType::kNumber:
      return R"("type":"integer","minimum":0)";
    case FieldType::kTime:
      return R"("type":"string","format":"date-time")";
    default:
      return R"("type":"string")";
  }
}

/// An item; see binding_item.cc.
std::string BindingSchema() {
  std::string members;
  for (const BindingFieldInfo& info : core::kBindingFieldInfos) {
    const auto field = static_cast<BindingField>(&info - core::kBindingFieldInfos.data());
    members += Joined({"\"", info.name, R"(":{"description":")", TextOf(field).description, "\",",
                       TypeOf(field), "},"});
  }
  return Joined({R"({"type":"object","properties":{)", members, R"json(
"to_uri":{"description":"The To, when it was not sip: and the AoR.","type":"string"},
"q":{"description":"The Contact's q, as received.","type":"string"},
"cseq":{"description":"CSeq of the last REGISTER.","type":"integer","minimum":0},
"received":{"description":"transport:host:port that the REGISTER came from.","type":"string"},
"node_id":{"description":"Id of the node that took the REGISTER.","type":"integer","minimum":1},
"node_name":{"description":"Its name.","type":"string"},
"expires_at":{"description":"When it ends.","type":"string","format":"date-time"}},
"required":["aor","domain","contact","call_id","cseq","transport","registered_at","updated_at",
"expires_at","expires_in"]})json"});
}

constexpr std::string_view kOtherSchemas = R"json(
"BindingList":{"type":"object","required":["items","next"],"properties":{
"items":{"type":"array","items":{"$ref":"#/components/schemas/Binding"}},
"total":{"description":"All that the filters select; absent with count=none.",
"type":"integer","minimum":0},
"next":{"description":"The cursor of the next page.","type":["string","null"]}}},
"BindingGroups":{"type":"object","required":["groups","total"],"properties":{
"groups":{"description":"The largest 1,000, the largest first.","type":"array",
"items":{"type":"object","required":["value","count"],"properties":{
"value":{"description":"null: bindings without the field.","type":["string","integer","null"]},
"count":{"type":"integer","minimum":1}}}},
"total":{"description":"Bindings that the filters select.","type":"integer","minimum":0}}},
"BindingExplanation":{"type":"object","required":["explain"],"properties":{
"explain":{"type":"object","required":["conditions","rows_at_most","rows_looked_at"],
"properties":{
"conditions":{"type":"array","items":{"type":"object","required":["field","role"],"properties":{
"field":{"type":"string"},
"role":{"description":"Its rows lead, they join, or each row that the others leave is looked at.",
"type":"string","enum":["leads","joins","looks"]},
"rows":{"description":"That its index gives.","type":"integer","minimum":0}}}},
"rows_at_most":{"description":"In the answer.","type":"integer","minimum":0},
"rows_looked_at":{"description":"One by one, at most.","type":"integer","minimum":0}}}}},
"ImportResult":{"type":"object","required":["imported","skipped","errors"],"properties":{
"imported":{"type":"integer","minimum":0},
"skipped":{"description":"Lines whose time is over, or whose binding is there as new.",
"type":"integer","minimum":0},
"errors":{"type":"array","items":{"type":"object","required":["line","message"],"properties":{
"line":{"description":"Counted from 1.","type":"integer","minimum":1},
"message":{"type":"string"}}}}}},
"Deleted":{"type":"object","required":["deleted"],"properties":{
"deleted":{"type":"integer","minimum":0}}},
"WouldDelete":{"type":"object","required":["would_delete"],"properties":{
"would_delete":{"type":"integer","minimum":0}}},
"Error":{"type":"object","required":["error"],"properties":{
"error":{"type":"object","required":["code","message"],"properties":{
"code":{"type":"string"},
"field":{"description":"The parameter that is wrong.","type":"string"},
"message":{"type":"string"}}}}})json";

/// One kind of answer, whose body is JSON.
std::string Answer(std::string_view status, std::string_view description, std::string_view schema) {
  return Joined({"\"", status, R"(":{"description":")", description,
                 R"(","content":{"application/json":{"schema":)", schema, "}}}"});
}

std::string SchemaNamed(std::string_view name) { return Reference("schemas", name); }

std::string Refusal(std::string_view status, std::string_view description) {
  return Answer(status, description, SchemaNamed("Error"));
}

/// What any operation may answer besides.
std::string Refusals() {
  return Joined({Refusal("400", "A parameter is unknown or wrong."), ",",
                 Refusal("401", "The operator's token is required."), ",",
                 Refusal("503", "Not ready, busy, or changes cannot be stored.")});
}

struct Operation {
  std::string_view method;
  std::string_view id;
  std::string_view summary;
  std::string parameters;
  std::string_view body;  // a member, or nothing
  std::string answers;    // but for the refusals

  std::string Text() const {
    return Joined({"\"", method, R"(":{"operationId":")", id, R"(","summary":")", summary,
                   R"(","parameters":[)", parameters, "],", body, R"("responses":{)", answers, ",",
                   Refusals(), "}}"});
  }
};

constexpr std::string_view kImportBody = R"json("requestBody":{"required":true,
"content":{"application/x-ndjson":{"schema":{"type":"string",
"description":"A Binding a line: aor, contact, call_id, cseq and expires_at are needed."}}}},
)json";

std::string Operations(const std::string& filters, const std::string& page,
                       const std::string& dry_run) {
  const Operation get = {
      "get",
      "listBindings",
      "List, count by the values of a field, or explain.",
      Joined({filters, ",", page}),
      "",
      Answer("200", "A page; groups with group_by; a plan with explain=1.",
             Joined({R"({"oneOf":[)", SchemaNamed("BindingList"), ",", SchemaNamed("BindingGroups"),
                     ",", SchemaNamed("BindingExplanation"), "]}"}))};
  const Operation post = {
      "post",
      "importBindings",
      "Take in what GET has given.",
      dry_run,
      kImportBody,
      Joined({Answer("200", "What became of the lines.", SchemaNamed("ImportResult")), ",",
              Refusal("413", "The body is too large."), ",",
              Refusal("415", "The body is no NDJSON.")})};
  const Operation remove = {"delete",
                            "removeBindings",
                            "Remove what the filters select; one is needed.",
                            Joined({filters, ",", dry_run}),
                            "",
                            Answer("200", "How many; with dry_run=1, how many it would be.",
                                   Joined({R"({"oneOf":[)", SchemaNamed("Deleted"), ",",
                                           SchemaNamed("WouldDelete"), "]}"}))};
  return Joined({get.Text(), ",\n", post.Text(), ",\n", remove.Text()});
}

std::string Info() {
  return Joined(
      {R"({"title":"muster","version":"1","description":")",
       "The registration state of a SIP network. Filters are joined by and; there may be ",
       std::to_string(core::Limits::kMaxFilterConditions), " of them, with ",
       std::to_string(core::Limits::kMaxFilterValues),
       " values in all. In their values a backslash makes a following ; : ! * or backslash",
       R"( a character like any other."})"});
}

constexpr std::string_view kSecuritySchemes = R"json({
"bearer":{"type":"http","scheme":"bearer"},
"basic":{"type":"http","scheme":"basic","description":"The token as password of any user."}})json";

}  // namespace

std::string OpenApiText() {
  const Parameters filters = FilterParameters();
  const Parameters page = PageParameters();
  Parameters dry_run;
  dry_run.Add("dry_run", "1: change nothing, only tell what would be.",
              R"({"type":"integer","enum":[0,1],"default":0})");
  return Joined({R"({"openapi":"3.1.0","info":)", Info(),
                 R"(,"servers":[{"url":"/"}],"security":[{"bearer":[]},{"basic":[]}],)",
                 R"("paths":{"/v1/bindings":{)",
                 Operations(filters.references, page.references, dry_run.references),
                 R"(}},"components":{"securitySchemes":)", kSecuritySchemes, R"(,"parameters":{)",
                 filters.definitions, ",", page.definitions, ",", dry_run.definitions,
                 R"(},"schemas":{"Binding":)", BindingSchema(), ",", kOtherSchemas, "}}}\n"});
}

}  // namespace muster::http::v1
