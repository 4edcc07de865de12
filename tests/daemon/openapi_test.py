"""/openapi.json beside what the daemon really takes and answers."""

import json
import re
from unittest import TestCase
from urllib.parse import quote

from musterd import Musterd, main
from phone import Phone

PATH = "/v1/bindings"
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
NO_RULES = {"type", "description", "default"}  # the type goes before the others
# One binding with everything, and one with as little as there can be.
LINES = (
    {"aor": "alice@example.com", "to_uri": "sips:alice@example.com;x=y", "call_id": "1@192.0.2.1", "cseq": 1,
     "contact": '"A" <sip:alice@192.0.2.1>;x=y', "q": "0.5", "expires_at": "2100-01-01T00:00:00.5Z",
     "instance": "urn:uuid:00000000-0000-1000-8000-0004f2abcdef", "reg_id": 1, "instrument": "0004F2ABCDEF",
     "path": "<sip:p1.example.com;lr>", "user_agent": "Phone", "ip": "2001:db8::1", "port": 5060, "transport": "tls",
     "server": "10.5.0.1", "node_id": 7, "node_name": "seven.example.com"},
    {"aor": "example.com", "contact": "sip:192.0.2.2", "call_id": "2", "cseq": 2, "expires_at": 4102444800})


def problems(value, schema, document, place="$"):
    """What of `value` is not as `schema` says; members that it does not name are such, too."""
    if "$ref" in schema:
        return problems(value, resolve(schema["$ref"], document), document, place)
    if "oneOf" in schema:
        found = [problems(value, one, document, place) for one in schema["oneOf"]]
        return [] if found.count([]) == 1 else [f"{place}: {found.count([])} of oneOf fit: {found}"]
    if found := has_type(value, schema["type"], place):
        return found
    for keyword, rule in schema.items():
        if keyword not in NO_RULES:
            found += KEYWORDS[keyword](value, rule, document, place)
    if isinstance(value, dict):
        found += [f"{place}.{name}: is not in the document" for name in value if name not in schema["properties"]]
    return found


def resolve(reference, document):
    for name in reference.removeprefix("#/").split("/"):
        document = document[name]
    return document


def unless(is_right, place, text):
    return [] if is_right else [f"{place}: {text}"]


def has_type(value, rule, place):
    names = rule if isinstance(rule, list) else [rule]
    is_one = any(isinstance(value, TYPES[name]) and not isinstance(value, bool) for name in names)
    return unless(is_one, place, f"{value!r} is no {rule}")


def members(value, rule, document, place):
    return [problem for name in rule if name in value
            for problem in problems(value[name], rule[name], document, f"{place}.{name}")]


def elements(value, rule, document, place):
    return [problem for i, element in enumerate(value)
            for problem in problems(element, rule, document, f"{place}[{i}]")]


def is_time(value, rule, _, place):
    return unless(rule == "date-time" and DATE_TIME.fullmatch(value), place, f"{value!r} is no {rule}")


KEYWORDS = {
    "properties": members,
    "items": elements,
    "format": is_time,
    "required": lambda value, rule, _, place: [f"{place}.{name}: is missing" for name in rule if name not in value],
    "enum": lambda value, rule, _, place: unless(value in rule, place, f"{value!r} is none of {rule}"),
    "minimum": lambda value, rule, _, place: unless(value >= rule, place, f"{value} < {rule}"),
    "pattern": lambda value, rule, _, place: unless(re.search(rule, value), place, f"{value!r} is not {rule}"),
}


class Checker(TestCase):
    SCHEMA = {"type": "object", "required": ["a"], "properties": {
        "a": {"type": "integer", "minimum": 1}, "b": {"type": ["string", "null"]}, "c": {"$ref": "#/x/y"},
        "d": {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "integer", "minimum": 5}]},
        "e": {"type": "string", "format": "date-time"}, "f": {"type": "string", "pattern": "^a$"}}}
    DOCUMENT = {"x": {"y": {"type": "array", "items": {"type": "string", "enum": ["p", "q"]}}}}

    def problems(self, value):
        return problems(value, self.SCHEMA, self.DOCUMENT)

    def test_finds_nothing_in_what_fits(self):
        for value in ({"a": 1}, {"a": 2, "b": None}, {"a": 2, "b": "x", "c": ["p", "q", "p"]}, {"a": 1, "d": 4},
                      {"a": 1, "e": "2024-11-20T12:00:00.25Z", "f": "a"}):
            self.assertEqual(self.problems(value), [], value)

    def test_finds_what_does_not_fit(self):
        for value, place in (({}, "$.a"), ({"a": 0}, "$.a"), ({"a": "1"}, "$.a"), ({"a": True}, "$.a"),
                             ({"a": 1, "b": 7}, "$.b"), ({"a": 1, "c": ["p", "r"]}, "$.c[1]"), ({"a": 1, "d": 5}, "$.d"),
                             ({"a": 1, "d": None}, "$.d"), ({"a": 1, "e": "2024-11-20"}, "$.e"), ({"a": 1, "f": "ab"}, "$.f"),
                             ({"a": 1, "new": 1}, "$.new")):
            self.assertEqual([problem.split(":")[0] for problem in self.problems(value)], [place], value)

    def test_knows_every_keyword_or_fails(self):
        with self.assertRaises(KeyError):
            problems(1, {"type": "integer", "multipleOf": 2}, {})


class OpenApi(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(Musterd())
        cls.document = cls.daemon.get("/openapi.json").json()
        cls.operations = cls.document["paths"][PATH]

    def setUp(self):
        imported = self.post("".join(json.dumps(line) + "\n" for line in LINES))
        self.assertEqual(imported.status, 200, imported.text)

    def post(self, body, query="", content_type="application/x-ndjson"):
        return self.daemon.request("POST", PATH + query, body=body.encode(), **{"Content-Type": content_type})

    def parameters(self, method):
        """The documented ones by name."""
        found = [resolve(one["$ref"], self.document) for one in self.operations[method]["parameters"]]
        return {one["name"]: one for one in found}

    def assert_documented(self, answer, status, method):
        """The answer's status, and its body beside the document."""
        self.assertEqual(answer.status, status, answer.text)
        content = self.operations[method]["responses"][str(status)]["content"]
        media_type = answer.headers["Content-Type"].split(";")[0]
        body = answer.json() if media_type == "application/json" else answer.text
        self.assertEqual(problems(body, content[media_type]["schema"], self.document), [], answer.text)
        return answer

    def get(self, query, status=200):
        return self.assert_documented(self.daemon.get(PATH + query), status, "get")

    def test_needs_no_token_and_is_openapi_3_1(self):
        answer = self.daemon.get("/openapi.json", authorization=None)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/json"))
        self.assertRegex(answer.json()["openapi"], r"^3\.1\.\d+$")
        for reference in re.findall(r'"\$ref":"([^"]+)"', answer.text):
            self.assertIsInstance(resolve(reference, self.document), dict, reference)

    def test_has_the_methods_that_there_are(self):
        allowed = set(self.daemon.request("OPTIONS", PATH).headers["Allow"].lower().split(", "))
        self.assertEqual(set(self.operations), allowed - {"head", "options"})

    def test_names_all_parameters_and_no_others(self):
        words = {name for method in self.operations for name in self.parameters(method)}
        words |= set(self.document["components"]["schemas"]["Binding"]["properties"]) | {"start", "page", "format"}
        for method in self.operations:
            refused = self.daemon.request(method.upper(), f"{PATH}?nothing=1")
            self.assertEqual(refused.status, 400)
            told = refused.json()["error"]["message"].split("there are ")[-1].split("there is ")[-1].split()
            self.assertEqual(sorted(told), sorted(self.parameters(method)), method)
            taken = set()
            for word in words:
                answer = self.daemon.request(method.upper(), f"{PATH}?{word}=%2A%2A")  # wrong for all but after them
                if answer.status != 400 or "is unknown" not in answer.text:
                    taken.add(word)
            self.assertEqual(taken, set(self.parameters(method)), method)

    def test_has_examples_of_filters_that_are_taken(self):
        for name, parameter in self.parameters("get").items():
            for example in parameter.get("example", ()):
                self.get(f"?{name}={quote(example)}")
            self.assertEqual("example" in parameter, parameter["schema"]["type"] == "array", name)

    def test_says_the_values_of_the_other_parameters_truly(self):
        for name, parameter in self.parameters("get").items():
            schema = parameter["schema"]
            for value in schema.get("enum", ()):
                self.get(f"?{name}={value}")
            if "enum" in schema:
                self.get(f"?{name}=other", status=400)
            if "minimum" in schema:
                for value in schema["minimum"], schema["maximum"], schema["default"]:
                    self.get(f"?{name}={value}")
                for value in schema["minimum"] - 1, schema["maximum"] + 1:
                    self.get(f"?{name}={value}", status=400)
        for transport in self.document["components"]["schemas"]["Binding"]["properties"]["transport"]["enum"]:
            self.get(f"?transport={transport}")

    def test_has_every_member_of_items_and_lists_and_no_others(self):
        with Phone(self.daemon) as phone:
            phone.register("bob@example.com")
        listed = self.get("?limit=2").json()
        self.assertIsInstance(listed["next"], str)
        self.get(f"?limit=2&after={listed['next']}")
        self.assertNotIn("total", self.get("?count=none").json())
        items = self.get("").json()["items"]
        self.assertEqual(len(items), 3)
        schema = self.document["components"]["schemas"]["Binding"]
        self.assertEqual({name for item in items for name in item}, set(schema["properties"]))
        least = next(item for item in items if item["aor"] == "example.com")
        of_this_node = {"server", "node_id", "node_name"}
        self.assertEqual(set(least) - of_this_node, set(schema["required"]))

    def test_has_groups_and_explanations(self):
        for field in self.parameters("get")["group_by"]["schema"]["enum"]:
            self.assertEqual(self.get(f"?group_by={field}").json()["total"], len(self.get("").json()["items"]))
        explained = self.get("?explain=1&user=alice;bob&user_agent=Phone&port=5060").json()["explain"]
        self.assertEqual({one["role"] for one in explained["conditions"]}, {"leads", "joins", "looks"})

    def test_has_what_an_import_answers(self):
        result = self.assert_documented(self.post(json.dumps(LINES[0]) + "\n{}\n", "?dry_run=1"), 200, "post").json()
        self.assertEqual([bad["line"] for bad in result["errors"]], [2])
        self.assert_documented(self.post("", content_type="text/plain"), 415, "post")
        self.assert_documented(self.post("x" * 100_000), 413, "post")

    def test_has_what_a_removal_answers(self):
        for query, member in (("?user=alice&dry_run=1", "would_delete"), ("?user=alice", "deleted")):
            answer = self.assert_documented(self.daemon.delete(PATH + query), 200, "delete")
            self.assertEqual(answer.json(), {member: 1})
        self.assert_documented(self.daemon.delete(PATH), 400, "delete")

    def test_has_the_refusals(self):
        error = self.get("?port=x", status=400).json()["error"]
        self.assertEqual((error["code"], error["field"]), ("bad_filter", "port"))
        for method in self.operations:
            self.assert_documented(self.daemon.request(method.upper(), PATH, authorization=None), 401, method)


if __name__ == "__main__":
    main()
