"""What comes back when musterd is stopped and started again on the same data folder, and what must not."""

import json
import os
import re
import sqlite3
import subprocess
import time
from contextlib import closing
from unittest import TestCase

from musterd import Musterd, environment, main, run_to_end
from phone import Phone

LASTING = ("process", "power")
DATABASE = "registrations.db"
RECOVERED = re.compile(r"(?m)^\S+ info recovered (\d+) bindings from (.+) in [0-9.]+ s$")
ALICE = "alice@example.com"
BOB = "bob@example.com"
INSTANCE = '+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-0004f2abcdef>"'


def lasting(test):
    """Runs a test in each mode that keeps anything."""
    def run(self):
        for durability in LASTING:
            with self.subTest(durability):
                test(self, durability)
    return run


def without(item, *names):
    return {name: value for name, value in item.items() if name not in names}


class Views:
    """All that a daemon shows, but for what changes by itself."""

    def __init__(self, daemon, aors):
        self.daemon = daemon
        with Phone(daemon) as phone:
            self.by_sip = {aor: phone.fetch(aor).contacts() for aor in aors}
        self.by_http = [without(item, "secondsToExpire") for item in daemon.registrations()]
        self.by_http.sort(key=lambda item: (item["identity"], item["contact"]))
        self.count = daemon.metric("muster_bindings")


def export(daemon):
    """The items of `muster export`, in an order of their own."""
    ended = subprocess.run([os.environ["PROGRAM_MUSTER"], "export", "--data", str(daemon.data)], env=environment(),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)
    if ended.returncode != 0:
        raise AssertionError(f"muster export: {ended.returncode} {ended.stderr}")
    items = [without(json.loads(line), "expires_in") for line in ended.stdout.splitlines()]
    return sorted(items, key=lambda item: (item["aor"], item["contact"]))


def register_all_kinds(daemon):
    """Bindings that have every field between them. Returns their AoRs."""
    with Phone(daemon) as desk, Phone(daemon) as soft, Phone(daemon, "tcp") as mobile:
        wishes = ((desk, ALICE, f"<sip:alice@192.0.2.1:5060;transport=udp>;{INSTANCE};reg-id=1;q=0.1;expires=3600",
                   ("Path: <sip:p1.example.com;lr;ob>, <sip:p2.example.com;lr>", "Supported: path", "User-Agent: Desk/1.0 (x)")),
                  (soft, ALICE, '"Alice, \\"home\\"" <sip:alice@192.0.2.2?Subject=x>;methods="INVITE,BYE";flag;q=0.7;expires=1800', ()),
                  (mobile, ALICE, "<sip:alice@[2001:db8::3]:5070;ob>;expires=7200", ("User-Agent: Mobile/2",)),
                  (soft, BOB, "<sip:bob@192.0.2.9>, <sips:bob@192.0.2.9>;q=0.25", ("Expires: 900",)),
                  (soft, "%C3%A4%22@example.com", "<sip:x@192.0.2.10>", ()),
                  # A refresh leaves the first one first.
                  (desk, ALICE, f"<sip:alice@192.0.2.1:5060;transport=udp>;{INSTANCE};reg-id=1;q=0.1;expires=3500",
                   ("Path: <sip:p3.example.com;lr>", "Supported: path", "User-Agent: Desk/1.1")))
        for phone, aor, contact, fields in wishes:
            answer = phone.ask(phone.message(aor, contact, *fields))
            if answer.code != 200:
                raise AssertionError(f"{aor} {contact}: {answer.code}")
    return [ALICE, BOB, "%C3%A4%22@example.com"]


class Registrations(TestCase):
    def assert_same(self, before, after):
        for aor, contacts in before.by_sip.items():
            again = after.by_sip[aor]
            self.assertEqual([contact[:2] for contact in again], [contact[:2] for contact in contacts], aor)
            for (contact, _, seconds), (_, _, left) in zip(contacts, again, strict=True):
                self.assertTrue(seconds - 5 <= left <= seconds, f"{contact}: {seconds} s, then {left} s")
        self.assertEqual(after.by_http, before.by_http)
        self.assertEqual(after.count, before.count)

    def check_all_kinds(self, durability, end):
        with Musterd("--durability", durability) as daemon:
            aors = register_all_kinds(daemon)
            before = Views(daemon, aors)
            self.assertEqual((len(before.by_sip[ALICE]), before.count), (3, 6))
            end(daemon)
            logged = len(daemon.log())
            daemon.start()
            self.assert_same(before, Views(daemon, aors))
            [(bindings, _)] = RECOVERED.findall(daemon.log()[logged:])
            self.assertEqual(bindings, "6")

    @lasting
    def test_are_the_same_after_a_stop(self, durability):
        self.check_all_kinds(durability, Musterd.stop_cleanly)

    @lasting
    def test_are_the_same_after_a_kill(self, durability):
        self.check_all_kinds(durability, Musterd.kill)

    @lasting
    def test_are_exported_the_same(self, durability):
        """Path, User-Agent, source and times too, which nothing else shows."""
        with Musterd("--durability", durability) as daemon:
            register_all_kinds(daemon)
            before = export(daemon)
            self.assertEqual(len(before), 6)
            desk = next(item for item in before if item.get("reg_id") == 1)
            self.assertEqual((desk["path"], desk["user_agent"], float(desk["q"])), ("<sip:p3.example.com;lr>", "Desk/1.1", 0.1))
            daemon.stop_cleanly()
            daemon.start()
            self.assertEqual(export(daemon), before)

    @lasting
    def test_that_were_removed_stay_so(self, durability):
        with Musterd("--durability", durability) as daemon:
            with Phone(daemon) as phone:
                phone.register(ALICE, "<sip:alice@192.0.2.1>, <sip:alice@192.0.2.2>")
                phone.register(ALICE, "<sip:alice@192.0.2.1>", expires=0)
                phone.register(BOB, "<sip:bob@192.0.2.1>, <sip:bob@192.0.2.2>")
                self.assertEqual(phone.register(BOB, "*", expires=0).code, 200)
            daemon.stop_cleanly()
            daemon.start()
            views = Views(daemon, [ALICE, BOB])
            self.assertEqual([contact for contact, _, _ in views.by_sip[ALICE]], ["<sip:alice@192.0.2.2>"])
            self.assertEqual((views.by_sip[BOB], len(views.by_http), views.count), ([], 1, 1))

    def test_outlive_many_restarts_and_a_change_of_mode(self):
        with Musterd("--durability", "process") as daemon:
            aors = register_all_kinds(daemon)
            before = Views(daemon, aors)
            daemon.stop_cleanly()
            for durability in LASTING * 2:
                with Musterd("--durability", durability, data=daemon.data) as other:
                    self.assert_same(before, Views(other, aors))
            daemon.start()
            self.assert_same(before, Views(daemon, aors))

    def test_are_kept_unless_memory_is_said(self):
        """`power` is the default: nothing said, nothing lost."""
        with Musterd() as daemon:
            with Phone(daemon) as phone:
                self.assertEqual(phone.register().code, 200)
            daemon.kill()
            daemon.start()
            self.assertEqual(Views(daemon, [ALICE]).count, 1)


class Order(TestCase):
    """RFC 3261 10.3 step 7, over a restart."""

    @lasting
    def test_of_cseqs_is_remembered(self, durability):
        with Musterd("--durability", durability) as daemon:
            with Phone(daemon) as phone:
                call_id = phone.call_id
                self.assertEqual(phone.ask(phone.message(ALICE, "<sip:alice@192.0.2.1>", cseq=5)).code, 200)
            daemon.stop_cleanly()
            daemon.start()
            with Phone(daemon) as phone:
                for cseq, contact, code in ((4, "<sip:alice@192.0.2.1>;expires=60", 500), (5, "<sip:alice@192.0.2.1>", 500),
                                            (5, "*", 500), (6, "<sip:alice@192.0.2.1>", 200), (6, "<sip:alice@192.0.2.1>", 500)):
                    octets = phone.message(ALICE, contact, "Expires: 0" if contact == "*" else "Expires: 3600",
                                           cseq=cseq, call_id=call_id)
                    self.assertEqual(phone.ask(octets).code, code, (cseq, contact))
                    self.assertEqual(len(daemon.registrations()), 1)
                # Another Call-ID comes in at any CSeq.
                self.assertEqual(phone.ask(phone.message(ALICE, "<sip:alice@192.0.2.1>", cseq=1)).code, 200)

    @lasting
    def test_of_what_was_removed_over_http_is_remembered(self, durability):
        with Musterd("--durability", durability) as daemon:
            with Phone(daemon) as phone:
                call_id = phone.call_id
                self.assertEqual(phone.ask(phone.message(ALICE, "<sip:alice@192.0.2.1>", cseq=5)).code, 200)
            self.assertEqual(daemon.delete("/sipxconfig/api/registrations/user/alice").status, 200)
            for end in Musterd.stop_cleanly, Musterd.kill:
                end(daemon)
                daemon.start()
                with Phone(daemon) as phone:
                    for cseq in 4, 5:
                        octets = phone.message(ALICE, "<sip:alice@192.0.2.1>", cseq=cseq, call_id=call_id)
                        self.assertEqual(phone.ask(octets).code, 500, cseq)
                    self.assertEqual(daemon.registrations(), [])
            with Phone(daemon) as phone:
                octets = phone.message(ALICE, "<sip:alice@192.0.2.1>", cseq=6, call_id=call_id)
                self.assertEqual(phone.ask(octets).code, 200)


class Expired(TestCase):
    """The one place where time must really pass: while the daemon is down."""

    def test_while_it_was_down_is_gone_everywhere(self):
        with Musterd("--durability", "process", "--min-expires", "1") as daemon:
            with Phone(daemon) as phone:
                call_id = phone.call_id
                contacts = "<sip:alice@192.0.2.1>;expires=1, <sip:alice@192.0.2.2>;expires=600"
                self.assertEqual(phone.ask(phone.message(ALICE, contacts, cseq=5)).code, 200)
                self.assertEqual(phone.ask(phone.message(BOB, "<sip:bob@192.0.2.1>;expires=1", cseq=5)).code, 200)
                registered = time.monotonic()
                views = Views(daemon, [ALICE, BOB])
                self.assertEqual(views.count, 3)
            daemon.stop_cleanly()
            time.sleep(max(0, registered + 1.05 - time.monotonic()))
            daemon.start()
            views = Views(daemon, [ALICE, BOB])
            self.assertEqual([contact for contact, _, _ in views.by_sip[ALICE]], ["<sip:alice@192.0.2.2>"])
            self.assertEqual(views.by_sip[BOB], [])
            self.assertEqual([item["contact"] for item in views.by_http], ["<sip:alice@192.0.2.2>"])
            self.assertEqual(views.count, 1)
            with Phone(daemon) as phone:
                # What is gone refuses nothing, what is there does.
                for aor, contact, code in ((BOB, "<sip:bob@192.0.2.1>", 200), (ALICE, "<sip:alice@192.0.2.2>", 500)):
                    self.assertEqual(phone.ask(phone.message(aor, contact, cseq=5, call_id=call_id)).code, code, aor)


class Memory(TestCase):
    def test_beside_a_database_says_so_and_keeps_nothing(self):
        with Musterd("--durability", "process") as daemon:
            with Phone(daemon) as phone:
                phone.register(ALICE)
            daemon.stop_cleanly()
            with Musterd("--durability", "memory", data=daemon.data) as forgetful:
                self.assertEqual(forgetful.registrations(), [])
                with Phone(forgetful) as phone:
                    self.assertEqual(phone.register(BOB).code, 200)
                self.assertRegex(forgetful.whole_log(), rf"(?m)^\S+ warning .*--durability memory.*{re.escape(str(daemon.data))}")
            daemon.start()
            self.assertEqual([item["identity"] for item in daemon.registrations()], [ALICE])

    def test_makes_no_database(self):
        with Musterd("--durability", "memory") as daemon:
            with Phone(daemon) as phone:
                phone.register(ALICE)
            self.assertEqual([*daemon.data.glob(DATABASE + "*")], [])
            daemon.stop_cleanly()
            daemon.start()
            self.assertEqual(daemon.registrations(), [])


class DataFolder(TestCase):
    def start_another(self, data, durability="power"):
        return run_to_end("--data", str(data), "--durability", durability, "--sip", "udp:127.0.0.1:0", "--http", "127.0.0.1:0")

    def assert_refused(self, ended, what):
        self.assertEqual((ended.returncode, ended.stdout), (3, ""), ended.stderr)
        self.assertRegex(ended.stderr, rf"\Amusterd: [^\n]*{what}[^\n]*\n\Z")

    def test_in_use_is_3(self):
        with Musterd("--durability", "process") as daemon:
            with Phone(daemon) as phone:
                for durability in *LASTING, "memory":
                    self.assert_refused(self.start_another(daemon.data, durability), f"{re.escape(str(daemon.data))}: .*in use")
                self.assertEqual(phone.register().code, 200)

    def set_version(self, data, version):
        """Gives the version that it had."""
        with closing(sqlite3.connect(data / DATABASE)) as database:
            [had] = database.execute("PRAGMA user_version").fetchone()
            database.execute(f"PRAGMA user_version = {version}")
            database.commit()
        return had

    def test_of_a_newer_version_is_3_and_left_as_it_is(self):
        with Musterd("--durability", "process") as daemon:
            with Phone(daemon) as phone:
                phone.register()
            daemon.stop_cleanly()
            version = self.set_version(daemon.data, 1_000_000)
            self.assertGreater(version, 0)
            for durability in LASTING:
                ended = self.start_another(daemon.data, durability)
                self.assert_refused(ended, f"{DATABASE}: .*newer version.*1000000")
            self.set_version(daemon.data, version + 1)
            self.assert_refused(self.start_another(daemon.data), f"{DATABASE}: .*newer version.*{version + 1}")
            self.assertEqual(self.set_version(daemon.data, version), version + 1)
            daemon.start()
            self.assertEqual(len(daemon.registrations()), 1)


if __name__ == "__main__":
    main()
