"""A disk that fills up under load, and is freed again: a 500 is the truth, a 200 is the truth, and service comes back.

Needs root and a loop device, for a small file system of its own; skipped, and says so, where there is neither."""

import os
import re
import select
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from unittest import SkipTest, TestCase

from musterd import Musterd, main, wait_until
from phone import Phone, SipAnswer

MIB = 1 << 20
DISK_BYTES = 64 * MIB
LEFT_BYTES = 2 * MIB  # when the load begins
WINDOW = 64  # REGISTERs on their way at once
# Bindings of some 3 kB each fill what musterd may have set aside for itself.
PADDING = "p" * 2_800
MOST_USERS = 40_000
SECONDS_TO_COME_BACK = 10
FULL = re.compile(r"(?im)^\S+ (warning|error) .*\b(full|no space)\b")


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


class SmallDisk:
    """An ext4 file system of 64 MiB in a file, mounted; gone when closed, whatever has happened."""

    def __init__(self):
        if os.geteuid() != 0:
            raise SkipTest("a file system of its own needs root")
        self._folder = tempfile.TemporaryDirectory(prefix="muster-disk-")
        image = Path(self._folder.name) / "image"
        self.path = Path(self._folder.name) / "mounted"
        self._ballast = self.path / "ballast"
        self.path.mkdir()
        with open(image, "wb") as file:
            file.truncate(DISK_BYTES)
        made = run("mkfs.ext4", "-q", "-F", "-m", "0", str(image))
        if made.returncode == 0:
            made = run("mount", "-o", "loop", str(image), str(self.path))
        if made.returncode != 0:
            self._folder.cleanup()
            raise SkipTest(f"no loop file system here: {made.stderr.strip()}")

    def free(self):
        state = os.statvfs(self.path)
        return state.f_bavail * state.f_frsize

    def fill(self, left):
        """Leaves so many bytes free, or as near as blocks allow."""
        with suppress(OSError), open(self._ballast, "ab", buffering=0) as file:
            while (more := self.free() - left) > 0:
                file.write(bytes(min(more, MIB)))

    def empty(self):
        self._ballast.unlink()

    def close(self):
        unmounted = run("umount", str(self.path))
        if unmounted.returncode != 0:
            # Somebody still holds it; it goes with its last user.
            run("umount", "-l", str(self.path))
        self._folder.cleanup()
        if unmounted.returncode != 0:
            raise AssertionError(unmounted.stderr)


class Crowd:
    """Users that register with large Contacts, many at a time, each with its own Call-ID; who got a 200, who a 500."""

    def __init__(self, phone):
        self.phone = phone
        self.phone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * MIB)  # a window of long answers
        self.number = 0
        self.stored, self.refused = [], []

    def aor(self, number):
        return f"user{number}@example.com"

    def contact(self, number):
        return f"<sip:user{number}@192.0.2.1>;padding={PADDING}"

    def register_some(self):
        asked = {}
        for self.number in range(self.number + 1, self.number + 1 + WINDOW):
            call_id = f"call{self.number}"
            asked[call_id] = self.number
            self.phone.send(self.phone.message(self.aor(self.number), self.contact(self.number), call_id=call_id, cseq=1))
        while asked:
            readable, _, _ = select.select([self.phone.socket], [], [], 10)
            if not readable:
                raise AssertionError(f"no answer to {len(asked)} REGISTERs")
            answer = SipAnswer(self.phone.socket.recv(65535))
            number = asked.pop(answer.get("Call-ID"))
            if answer.code not in (200, 500):
                raise AssertionError(f"{self.aor(number)}: {answer.code} {answer.reason}")
            (self.stored if answer.code == 200 else self.refused).append(number)

    def register_until_refused(self):
        while not self.refused:
            if self.number > MOST_USERS:
                raise AssertionError(f"{self.number} users registered, and the disk is not full")
            self.register_some()


class FullDisk(TestCase):
    def setUp(self):
        self.disk = SmallDisk()
        self.addCleanup(self.disk.close)
        self.daemon = self.enterContext(Musterd("--durability", "power", "--log-level", "warn", data=self.disk.path / "data"))
        self.phone = Phone(self.daemon)
        self.addCleanup(self.phone.socket.close)

    def listed(self):
        return {item["identity"] for item in self.daemon.registrations()}

    def assert_as_answered(self, crowd):
        """All 200s are there, and nothing else is, by HTTP and by SIP and in number."""
        self.assertEqual(self.listed(), {crowd.aor(number) for number in crowd.stored})
        self.assertEqual(self.daemon.metric("muster_bindings"), len(crowd.stored))
        with Phone(self.daemon) as phone:
            for numbers, wanted in ((crowd.refused, 0), (crowd.stored[::97] + crowd.stored[-WINDOW:], 1)):
                for number in numbers:
                    answer = phone.fetch(crowd.aor(number))
                    self.assertEqual((answer.code, len(answer.contacts())), (200, wanted), crowd.aor(number))
                    self.assertEqual(len(self.daemon.registrations(f"/user/user{number}")), wanted, crowd.aor(number))

    def failing(self):
        return self.daemon.metric("muster_journal_failing")

    def fill_up(self):
        crowd = Crowd(self.phone)
        crowd.register_some()
        self.assertEqual((len(crowd.stored), crowd.refused), (WINDOW, []))
        self.assertEqual((self.failing(), self.daemon.metric("muster_journal_failures_total")), (0, 0))
        self.disk.fill(LEFT_BYTES)
        crowd.register_until_refused()
        # Now: what is smaller may soon fit in again.
        self.assertEqual(self.failing(), 1)
        self.assertGreater(self.daemon.metric("muster_journal_failures_total"), 0)
        wait_until(lambda: FULL.search(self.daemon.log()), "the log says so")
        self.disk.fill(0)
        for _ in range(4):
            crowd.register_some()
        print(f"{len(crowd.stored)} users stored, {len(crowd.refused)} refused", flush=True)
        return crowd

    def change_what_is_stored(self, crowd):
        """A refresh and two removals while the disk is full: done as a 200 says, or not at all as a 500 says. Gives the
        user whose refresh was refused, if it was."""
        refreshed, removed, deleted = crowd.stored[:3]
        expires = self.daemon.registrations(f"/user/user{refreshed}")[0]["expires"]
        contact = crowd.contact(refreshed) + ";expires=600"
        answer = self.phone.ask(self.phone.message(crowd.aor(refreshed), contact, call_id=f"call{refreshed}", cseq=2))
        shown = self.daemon.registrations(f"/user/user{refreshed}")[0]["expires"]
        self.assertIn((answer.code, shown < expires - 60), {(200, True), (500, False)})
        kept = refreshed if answer.code == 500 else None

        octets = self.phone.message(crowd.aor(removed), f"<sip:user{removed}@192.0.2.1>", "Expires: 0", call_id="other")
        answer = self.phone.ask(octets)
        self.assertIn(answer.code, {200, 500})
        if answer.code == 200:
            crowd.stored.remove(removed)

        answer = self.daemon.delete(f"/registrations/user/user{deleted}")
        self.assertIn(answer.status, {200, 500, 503})
        if answer.status == 200:
            crowd.stored.remove(deleted)
        return kept

    def registers_again(self, number):
        answer = self.phone.register(f"back{number}@example.com", "<sip:back@192.0.2.2>")
        self.assertIn(answer.code, {200, 500})
        return answer.code == 200

    def test_refuses_what_it_cannot_store_and_recovers_by_itself(self):
        crowd = self.fill_up()
        self.assert_as_answered(crowd)
        unchanged = self.change_what_is_stored(crowd)
        self.assert_as_answered(crowd)
        self.assertEqual(self.daemon.get("/healthz", authorization=None).status, 200)

        self.disk.empty()
        start = time.monotonic()
        wait_until(lambda: self.registers_again(0), "a REGISTER is accepted again", SECONDS_TO_COME_BACK)
        print(f"accepted again {time.monotonic() - start:.1f} s after the disk was freed", flush=True)
        self.phone.register("back0@example.com", "*", expires=0)
        wait_until(lambda: self.failing() == 0, "the metric says so")
        if unchanged is not None:
            # The refused CSeq was not kept either.
            octets = self.phone.message(crowd.aor(unchanged), crowd.contact(unchanged), call_id=f"call{unchanged}", cseq=2)
            self.assertEqual(self.phone.ask(octets).code, 200)
        refused = len(crowd.refused)
        for _ in range(4):
            crowd.register_some()
        self.assertEqual(len(crowd.refused), refused)
        self.assert_as_answered(crowd)

        self.daemon.kill()
        self.daemon.start()
        self.assert_as_answered(crowd)

    def test_that_is_killed_when_full_starts_and_has_every_200(self):
        crowd = self.fill_up()
        self.daemon.kill()
        self.disk.empty()
        self.daemon.start()
        self.assert_as_answered(crowd)


if __name__ == "__main__":
    main()
