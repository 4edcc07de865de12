"""kill -9 at a million bindings: all are there again, and how long it takes to the ready line is printed."""

from unittest import TestCase

from crowd import FIRST_NAME, Crowd
from musterd import Musterd, main
from phone import Phone

USERS = 1_000_000
LOOKED_AT = range(0, USERS, 99_991)


class MillionBindings(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(Musterd("--durability", "process"))
        self.crowd = Crowd(self.daemon, USERS)

    def restart(self, after):
        self.daemon.kill()
        logged = len(self.daemon.log())
        seconds = self.daemon.start()
        print(f"{USERS:,} bindings, killed after {after}: {seconds:.2f} s to the ready line", flush=True)
        print(self.daemon.log()[logged:], end="", flush=True)
        self.assertEqual(self.daemon.metric("muster_bindings"), USERS)

    def test_are_there_after_a_kill(self):
        rate = self.crowd.register()["items_per_second"]
        print(f"new: {rate:,.0f} registrations/s", flush=True)
        self.restart("the last registration")
        with Phone(self.daemon) as phone:
            for user in LOOKED_AT:
                name = f"{FIRST_NAME + user}"
                [(contact, _, seconds)] = phone.fetch(f"{name}@example.com").contacts()
                self.assertTrue(contact.startswith(f"<sip:{name}@10.{user >> 16}.{user >> 8 & 255}.{user & 255}:5060"), contact)
                self.assertTrue(2_700 < seconds <= 3_600, seconds)
                [item] = self.daemon.registrations(f"/user/{name}")
                self.assertEqual(item["instrument"], f"{0x0004f2000000 + user:012x}")
        # Refreshed since: CSeqs that are not behind those of before the kill, and a tail of another kind.
        self.crowd.end(self.crowd.begin("refresh", 600, "--count", str(USERS // 2)))
        self.restart(f"{USERS // 2:,} refreshes more")


if __name__ == "__main__":
    main()
