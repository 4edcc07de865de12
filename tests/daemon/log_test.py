"""A refused REGISTER is one line, in both formats, and nothing that a phone sends can make two of it."""

import json
import os
import re
from unittest import TestCase

from musterd import Musterd, main
from phone import Phone

TEXT = re.compile(r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) info REGISTER refused: aor=(?P<aor>\S+) "
                  r'source=(?P<source>\S+) code=(?P<code>\d+) reason="(?P<reason>[^"]+)"')


class Refusals(TestCase):
    def lines(self, daemon):
        return daemon.whole_log().splitlines()

    def test_say_aor_source_code_and_reason(self):
        listeners = ["udp:127.0.0.1:0", "tcp:127.0.0.1:0", "udp:[::1]:0", "tcp:[::1]:0"]
        with Musterd("--domain", "example.com", sip=listeners) as daemon:
            wanted = []
            for transport in "udp", "tcp":
                for host in "127.0.0.1", "::1":
                    with Phone(daemon, transport, host) as phone:
                        address = f"[{phone.host}]" if ":" in phone.host else phone.host
                        source = f"{transport}:{address}:{phone.port}"
                        phone.register("Alice@Example.com", expires=1)
                        phone.register("bob@other.example")
                        phone.ask(phone.message("carol@example.com", "*", "Expires: 5"))
                        wanted += [("Alice@example.com", source, "423"), ("bob@other.example", source, "404"),
                                   ("carol@example.com", source, "400")]
            matches = [TEXT.fullmatch(line) for line in self.lines(daemon)]
            self.assertNotIn(None, matches, daemon.whole_log())
            self.assertEqual([match.group("aor", "source", "code") for match in matches], wanted)

    def test_are_not_repeated_for_a_retransmission(self):
        with Musterd() as daemon, Phone(daemon) as phone:
            octets = phone.message("alice@example.com", "<sip:alice@192.0.2.1>", "Expires: 1")
            self.assertEqual([phone.ask(octets).code for _ in range(3)], [423] * 3)
            self.assertEqual(len(self.lines(daemon)), 1, daemon.whole_log())

    def test_of_a_malformed_register_are_lines_too(self):
        with Musterd() as daemon, Phone(daemon) as phone:
            octets = phone.message("alice@example.com", "<sip:alice@192.0.2.1>")
            for broken in (re.sub(rb"CSeq: .*\r\n", b"", octets), re.sub(rb"To: .*\r\n", b"To: <sip:@>\r\n", octets),
                           octets.replace(b"Contact: <", b"Contact: <<")):
                self.assertNotEqual(broken, octets)
                self.assertEqual(phone.ask(broken).code, 400)
            matches = [TEXT.fullmatch(line) for line in self.lines(daemon)]
            self.assertEqual([match and match["code"] for match in matches], ["400"] * 3, daemon.whole_log())

    def test_are_not_what_an_accepted_register_is(self):
        with Musterd("--log-level", "debug") as daemon, Phone(daemon) as phone:
            phone.register()
            phone.fetch()
            phone.register(expires=0)
            self.assertNotIn("REGISTER", daemon.whole_log())

    def test_are_silent_at_warn_and_error(self):
        for level in "warn", "error":
            with Musterd("--log-level", level) as daemon, Phone(daemon) as phone:
                self.assertEqual(phone.register(expires=1).code, 423)
                self.assertEqual(daemon.whole_log(), "", level)


class Stalled(TestCase):
    """Whoever should read the log does not: 8,192 lines wait, the oldest give way, and phones are served."""

    class Daemon(Musterd):
        def __enter__(self):
            self.reader, writer = os.pipe()
            try:
                return super().__enter__(stderr=writer)
            finally:
                os.close(writer)

        def __exit__(self, *failure):
            os.close(self.reader)
            super().__exit__(*failure)

    def test_holds_nobody_up(self):
        with self.Daemon() as daemon, Phone(daemon) as phone:
            octets = phone.message("alice@example.com", "<sip:alice@192.0.2.1>", "Expires: 1")
            for number in range(10_000):
                again = octets.replace(b"branch=z9hG4bK", b"branch=z9hG4bK%d" % number).replace(
                    b"Call-ID: ", b"Call-ID: %d" % number)
                self.assertEqual(phone.ask(again).code, 423)
            self.assertEqual(phone.register("bob@example.com").code, 200)
            self.assertGreater(daemon.metric("muster_log_lines_dropped_total"), 0)


class Json(TestCase):
    def test_is_one_object_a_line_with_the_same_facts(self):
        with Musterd("--log-format", "json") as daemon, Phone(daemon) as phone:
            phone.register(expires=1)
            [line] = daemon.whole_log().splitlines()
            record = json.loads(line)
            self.assertEqual(record["level"], "info")
            self.assertRegex(record["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertEqual(record["message"],
                             f"REGISTER refused: aor=alice@example.com source=udp:127.0.0.1:{phone.port} code=423 "
                             'reason="expiry below the minimum"')


class Injection(TestCase):
    """AoRs that would like to be lines, quotes, fields or commands to a terminal."""

    USERS = ("%0A2026-01-01T00%3A00%3A00.000Z%20info%20forged", "%0d%0a%0d%0a", "%22%5C%22", "a%22,%22level%22=%22error",
             "%00", "%1b%5B2J", "%7f", "%C2%85", "%E2%80%A8", "%ff%fe", "a%20code=200", "%25%30%41", "%27%3B--", "%7B%7D%25n%25s")
    OCTETS = (b'"', b"\\", b"\xff", b"\x1b[2J", b"\x00", b"\n", b"\r", b"\xe2\x80\xa8", b"a\r\n forged")

    def refused(self, log_format):
        with Musterd("--log-format", log_format) as daemon, Phone(daemon) as phone:
            for user in self.USERS:
                self.assertEqual(phone.register(f"{user}@example.com", expires=1).code, 423, user)
            return daemon.whole_log()

    def test_is_not_possible_in_text(self):
        log = self.refused("text")
        lines = log.split("\n")
        self.assertEqual((len(lines), lines[-1]), (len(self.USERS) + 1, ""), log)
        for line in lines[:-1]:
            self.assertRegex(line, r"\A[ -~]+\Z")
            self.assertTrue(TEXT.fullmatch(line), line)
        self.assertIn("aor=%0A2026-01-01T00%3A00%3A00.000Z%20info%20forged@example.com", lines[0])

    def test_is_not_possible_in_json(self):
        log = self.refused("json")
        records = [json.loads(line) for line in log.splitlines()]
        self.assertEqual(len(records), len(self.USERS))
        for record in records:
            self.assertEqual(set(record), {"time", "level", "message"})
            self.assertEqual(record["level"], "info")
            self.assertRegex(record["message"], r"\AREGISTER refused: [ -~]+\Z")

    def test_is_not_possible_by_raw_octets(self):
        for log_format in "text", "json":
            with self.subTest(log_format), Musterd("--log-format", log_format) as daemon, Phone(daemon) as phone:
                for octets in self.OCTETS:
                    message = phone.message("USER@example.com", "<sip:alice@192.0.2.1>", "Expires: 1")
                    phone.send(message.replace(b"USER", octets))
                phone.send(phone.message("last@example.com", "<sip:alice@192.0.2.1>", "Expires: 1"))
                while phone.receive().code != 423:
                    pass
                lines = daemon.whole_log().split("\n")
                self.assertEqual(lines.pop(), "")
                self.assertLessEqual(len(lines), len(self.OCTETS) + 1)
                for line in lines:
                    self.assertRegex(line, r"\A[ -~]+\Z")
                    text = json.loads(line)["message"] if log_format == "json" else line
                    self.assertEqual(text.count("REGISTER refused: "), 1)


if __name__ == "__main__":
    main()
