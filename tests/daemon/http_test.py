"""What the HTTP listener opens, to whom, and what it says of the daemon's health."""

import base64
import json
import os
import re
import subprocess
from unittest import TestCase

from musterd import Musterd, environment, main, wait_until
from phone import Phone

NOT_BUILT = ("/v1/registrations", "/platform_api", "/platform_api/CreateSipRegistration",
             "/v1/feed", "/")


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Token(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(Musterd())

    def test_is_asked_for_with_both_schemes(self):
        for path in "/registrations", "/sipxconfig/api/registrations", "/registrations/user/alice", "/metrics":
            answer = self.daemon.get(path, authorization=None)
            self.assertEqual(answer.status, 401, path)
            schemes = {field.split()[0] for field in answer.headers.get_all("WWW-Authenticate")}
            self.assertEqual(schemes, {"Bearer", "Basic"}, path)

    def test_opens_as_bearer_and_as_any_users_password(self):
        token = self.daemon.token
        for authorization in (f"Bearer {token}", f"bearer {token}", basic("superadmin", token), basic("", token)):
            self.assertEqual(self.daemon.get("/registrations", authorization=authorization).status, 200)

    def test_that_is_wrong_is_401(self):
        token = self.daemon.token
        wrong = ["Bearer", "Bearer ", f"Bearer {token}x", f"Bearer {token[:-1]}", f"Digest {token}", token,
                 basic(token, "x"), basic("x", ""), "Basic !!!", "Basic " + base64.b64encode(token.encode()).decode()]
        for authorization in wrong:
            self.assertEqual(self.daemon.get("/registrations", authorization=authorization).status, 401, authorization)

    def test_that_is_absent_deletes_nothing(self):
        with Phone(self.daemon) as phone:
            phone.register("kept@example.com")
        self.assertEqual(self.daemon.delete("/registrations/user/kept", authorization=None).status, 401)
        self.assertEqual(len(self.daemon.registrations("/user/kept")), 1)

    def test_is_not_asked_for_with_http_auth_off_which_is_warned_about(self):
        with Musterd("--http-auth", "off") as daemon:
            self.assertEqual(daemon.get("/registrations", authorization=None).status, 200)
            self.assertEqual(daemon.get("/metrics", authorization=None).status, 200)
            self.assertRegex(daemon.whole_log(), r"(?m)^\S+ warning --http-auth off: ")


class Paths(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(Musterd())

    def test_that_are_not_built_yet_are_404(self):
        for path in NOT_BUILT:
            for method in "GET", "POST", "DELETE":
                for authorization in "token", None:
                    answer = self.daemon.request(method, path, authorization=authorization)
                    self.assertEqual(answer.status, 404, f"{method} {path}")

    def test_health_and_readiness_need_no_token(self):
        for path, text in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
            answer = self.daemon.get(path, authorization=None)
            self.assertEqual((answer.status, answer.text), (200, text), path)


class Metrics(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(Musterd())

    def test_count_registers_of_both_transports_by_code(self):
        for transport in "udp", "tcp":
            with Phone(self.daemon, transport) as phone:
                for user in "alice", "bob", "carol":
                    self.assertEqual(phone.register(f"{transport}-{user}@example.com").code, 200)
                self.assertEqual(phone.register(expires=1).code, 423)
        for name, value in (('muster_register_requests_total{code="200"}', 6),
                            ('muster_register_requests_total{code="423"}', 2),
                            ('muster_register_requests_total{code="500"}', None),
                            ("muster_bindings", 6),
                            ("muster_sip_messages_total", 8)):
            self.assertEqual(self.daemon.metric(name), value, name)
        # Observed once the batch's answers are sent, which a fast reader may overtake.
        wait_until(lambda: self.daemon.metric("muster_register_seconds_count") == 8, "8 REGISTERs observed")
        self.assertEqual(self.daemon.metric('muster_register_seconds_bucket{le="+Inf"}'), 8)
        self.assertGreater(self.daemon.metric("muster_register_seconds_sum"), 0)

    def test_bindings_are_those_that_are_current(self):
        with Phone(self.daemon) as phone:
            phone.register()
            phone.register(contact="<sip:alice@192.0.2.2>")
            self.assertEqual(self.daemon.metric("muster_bindings"), 2)
            phone.register(contact="<sip:alice@192.0.2.2>", expires=0)
            self.assertEqual(self.daemon.metric("muster_bindings"), 1)
            self.daemon.delete("/registrations/user/alice")
            self.assertEqual(self.daemon.metric("muster_bindings"), 0)

    def test_are_prometheus_text_with_help_and_type_of_each_family(self):
        with Phone(self.daemon) as phone:
            phone.register()
        answer = self.daemon.get("/metrics")
        self.assertEqual(answer.headers["Content-Type"].split(";")[:2], ["text/plain", " version=0.0.4"])
        types = dict(re.findall(r"(?m)^# TYPE (\S+) (\S+)$", answer.text))
        helps = set(re.findall(r"(?m)^# HELP (\S+) \S", answer.text))
        self.assertEqual(set(types), helps)
        self.assertEqual(types["muster_register_requests_total"], "counter")
        self.assertEqual(types["muster_bindings"], "gauge")
        self.assertEqual(types["muster_register_seconds"], "histogram")
        for line in answer.text.splitlines():
            if not line.startswith("#"):
                self.assertRegex(line, r'^[a-z_]+(\{[a-z]+="[^"]+"\})? [0-9.e+-]+$')
                family = re.sub(r"_(bucket|sum|count)$", "", re.match(r"[a-z_]+", line)[0])
                self.assertIn(family, types)
        buckets = [float(count) for count in re.findall(r"(?m)^muster_register_seconds_bucket\{.*\} (\S+)$", answer.text)]
        self.assertEqual(buckets, sorted(buckets))

    def test_retransmissions_are_counted_apart(self):
        with Phone(self.daemon) as phone:
            octets = phone.message(contact="<sip:alice@192.0.2.1>")
            first, again = phone.ask(octets), phone.ask(octets)
            self.assertEqual(first.fields, again.fields)
        self.assertEqual(self.daemon.metric("muster_sip_retransmissions_total"), 1)
        self.assertEqual(self.daemon.metric("muster_bindings"), 1)

    def test_malformed_messages_are_counted(self):
        with Phone(self.daemon) as phone:
            phone.send(b"\xff" * 40)
            phone.register()
        self.assertEqual(self.daemon.metric("muster_sip_malformed_total"), 1)


class CommandLine(TestCase):
    """`muster` beside a daemon needs its data folder and no more."""

    def muster(self, daemon, *arguments):
        return subprocess.run([os.environ["PROGRAM_MUSTER"], *arguments, "--data", str(daemon.data)],
                              env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=20, check=False)

    def test_lists_and_removes(self):
        if not os.environ.get("PROGRAM_MUSTER"):
            self.skipTest("muster is not built")
        with Musterd() as daemon, Phone(daemon) as phone:
            phone.register("alice@example.com")
            phone.register("bob@example.com", "<sip:bob@192.0.2.9>")
            listed = self.muster(daemon, "ls", "--json")
            self.assertEqual(listed.returncode, 0, listed.stderr)
            self.assertEqual({item["aor"] for item in json.loads(listed.stdout)},
                             {"alice@example.com", "bob@example.com"})
            removed = self.muster(daemon, "rm", "--user", "bob", "--yes")
            self.assertEqual(removed.returncode, 0, removed.stderr)
            self.assertEqual([item["identity"] for item in daemon.registrations()], ["alice@example.com"])


if __name__ == "__main__":
    main()
