"""muster export and muster import beside running daemons: what one holds, another takes in."""

import json
import os
import secrets
import subprocess
import time
from unittest import TestCase, skipUnless

from musterd import Musterd, environment, main
from phone import Phone

PROGRAM = os.environ.get("PROGRAM_MUSTER")
INSTANCE = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-0004f2abcdef>"'


def muster(daemon, *arguments, text=""):
    return subprocess.run([PROGRAM, *arguments, "--data", str(daemon.data)], env=environment(), input=text,
                          capture_output=True, text=True, timeout=120, check=False)


def items(lines):
    """The items by AoR and Contact, without the seconds that go on counting."""
    found = {}
    for line in lines.splitlines():
        item = json.loads(line)
        del item["expires_in"]
        found[item["aor"], item["contact"]] = item
    return found


def line(number, **more):
    return json.dumps({"aor": f"user{number}@example.com", "contact": f"<sip:user{number}@192.0.2.1>",
                       "call_id": f"call{number}", "cseq": 1, "expires_at": int(time.time()) + 3600, **more}) + "\n"


@skipUnless(PROGRAM, "muster is not built")
class ExportImport(TestCase):
    def muster(self, daemon, *arguments, text="", code=0):
        """What it wrote to stdout and to stderr."""
        done = muster(daemon, *arguments, text=text)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout, done.stderr

    def export(self, daemon):
        return self.muster(daemon, "export")[0]

    def register(self, phone, aor, contact, *fields):
        self.assertEqual(phone.ask(phone.message(aor, contact, *fields)).code, 200)

    def register_all_sorts(self, daemon):
        with Phone(daemon) as phone:
            self.register(phone, "alice@example.com", f'"A. \\"B\\" Ä, <c>" <sip:alice@192.0.2.1:5070;ob>;q=0.50;{INSTANCE};reg-id=1',
                          "Path: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>", "Path: <sip:p3.example.com;lr>",
                          'User-Agent: Phone "7" Ü')
            self.register(phone, "al%3aice;x@EXAMPLE.com", "<sips:alice@192.0.2.2>, <tel:+49301234>;q=1., <sip:[2001:db8::7]>",
                          "Expires: 600")
        with Phone(daemon) as phone:
            self.register(phone, "alice@example.com", "sip:alice@192.0.2.9;expires=90;x=y")
        with Phone(daemon, "tcp") as phone:
            self.register(phone, "bob@[2001:DB8::1]", "<sip:bob@10.0.0.1;transport=tcp>")
        with Phone(daemon, host="::1") as phone:
            self.register(phone, "carol@example.com", "<sip:carol@[::1]:5060>")

    def test_what_one_daemon_holds_another_takes_in_unchanged(self):
        sip = ("udp:127.0.0.1:0", "tcp:127.0.0.1:0", "udp:[::1]:0")
        with Musterd("--node-id", "7", "--node-name", "seven.example.com", sip=sip) as first:
            self.register_all_sorts(first)
            lines = self.export(first)
            found = items(lines)
            self.assertEqual(len(found), 7)
            alice = found["alice@example.com", f'"A. \\"B\\" Ä, <c>" <sip:alice@192.0.2.1:5070;ob>;{INSTANCE};reg-id=1']
            self.assertEqual(alice["q"], "0.50")
            self.assertEqual(alice["mac"], "0004f2abcdef")
            self.assertEqual(alice["path"], "<sip:p1.example.com;lr>, <sip:p2.example.com;lr>, <sip:p3.example.com;lr>")
            self.assertEqual((alice["node_id"], alice["node_name"], alice["server"]), (7, "seven.example.com", "127.0.0.1"))
            with Musterd(sip=sip) as second:
                out, _ = self.muster(second, "import", "-", text=lines)
                self.assertEqual(out, "7 imported, 0 skipped, 0 bad\n")
                self.assertEqual(items(self.export(second)), found)
                with Phone(first) as phone, Phone(second) as other:
                    for aor in "alice@example.com", "al%3aice;x@EXAMPLE.com", "bob@[2001:DB8::1]":
                        self.assertEqual([(contact, q) for contact, q, _ in phone.fetch(aor).contacts()],
                                         [(contact, q) for contact, q, _ in other.fetch(aor).contacts()])
                out, _ = self.muster(second, "import", "-", text=lines)
                self.assertEqual(out, "0 imported, 7 skipped, 0 bad\n")

    def test_a_replay_of_an_imported_binding_is_out_of_order(self):
        with Musterd() as daemon, Phone(daemon) as phone:
            self.muster(daemon, "import", "-", text=line(1, cseq=5))
            answer = phone.ask(phone.message("user1@example.com", "<sip:user1@192.0.2.1>", call_id="call1", cseq=5))
            self.assertEqual(answer.code, 500)
            answer = phone.ask(phone.message("user1@example.com", "<sip:user1@192.0.2.1>", call_id="call1", cseq=6))
            self.assertEqual(answer.code, 200)

    def test_bad_lines_are_named_and_the_rest_goes_in(self):
        text = line(1) + "nonsense\n" + line(2) + line(3, colour="red") + line(4, expires_at=1) + line(5, port=70000)
        with Musterd() as daemon:
            file = daemon.data / "lines"
            file.write_text(text)
            out, err = self.muster(daemon, "import", str(file), code=1)
            self.assertEqual(out, "2 imported, 1 skipped, 3 bad\n")
            self.assertEqual(err.splitlines(), [f"{file}:2: not a JSON object",
                                                f'{file}:4: unknown member "colour"',
                                                f"{file}:6: port must be a number from 0 to 65535"])
            self.assertEqual(set(items(self.export(daemon))), {(f"user{n}@example.com", f"<sip:user{n}@192.0.2.1>") for n in (1, 2)})

    def test_all_or_nothing_leaves_nothing_when_one_is_bad(self):
        text = "".join(line(number) for number in range(1000)) + line(1000, colour="red")
        with Musterd() as daemon:
            for source in "-", daemon.data / "lines":
                if source != "-":
                    source.write_text(text)
                out, err = self.muster(daemon, "import", "--all-or-nothing", str(source), text=text, code=1)
                self.assertEqual(out, "0 imported, 0 skipped, 1 bad\n")
                self.assertIn(':1001: unknown member "colour"\n', err)
                self.assertEqual(daemon.metric("muster_bindings"), 0)
            out, _ = self.muster(daemon, "import", "--all-or-nothing", "-", text=text[:text.rindex("{")])
            self.assertEqual(out, "1000 imported, 0 skipped, 0 bad\n")

    def test_no_more_contacts_than_an_aor_may_have(self):
        text = line(1) + line(1, contact="sip:second@192.0.2.1") + line(1, contact="sip:third@192.0.2.1")
        with Musterd("--max-contacts", "2") as daemon:
            out, err = self.muster(daemon, "import", "-", text=text, code=1)
            self.assertEqual(out, "2 imported, 0 skipped, 1 bad\n")
            self.assertEqual(err, "stdin:3: too many contacts for this AoR\n")

    def test_twenty_thousand_lines_there_and_back(self):
        random = secrets.SystemRandom()
        text = "".join(line(number, q=f"0.{number % 1000:03}", path="<sip:edge.example.com;lr>", reg_id=number + 1,
                            user_agent=f"Phone {number % 7}", ip=f"10.0.{number // 256 % 256}.{number % 256}", port=5060,
                            updated_at=round(time.time() - random.random() * 1000, 6))
                       for number in range(20000))
        with Musterd() as first, Musterd() as second:
            out, _ = self.muster(first, "import", "-", text=text)
            self.assertEqual(out, "20000 imported, 0 skipped, 0 bad\n")
            lines = self.export(first)
            self.assertEqual(len(items(lines)), 20000)
            self.muster(second, "import", "-", text=lines)
            self.assertEqual(items(self.export(second)), items(lines))

    def test_what_was_imported_is_there_after_a_kill(self):
        with Musterd("--durability", "power") as daemon:
            self.muster(daemon, "import", "-", text="".join(line(number) for number in range(2000)))
            before = items(self.export(daemon))
            daemon.kill()
            daemon.start()
            self.assertEqual(items(self.export(daemon)), before)
            self.assertEqual(len(before), 2000)


if __name__ == "__main__":
    main()
