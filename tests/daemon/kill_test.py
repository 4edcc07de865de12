"""kill -9 at random moments under load: what a 200 promised is there when musterd has started again.

TEST_KILLS (12) and TEST_SEED (random, printed) come from the environment; the seed repeats what is sent and when the
kills come, not how threads and processes take turns.

A build that answers before it has committed must fail here. To see it, build one with -DMUSTER_BREAK_COMMIT=ON and run

    PROGRAM_MUSTERD=.../bin/musterd python3 tests/daemon/kill_test.py Killed

`Forgetful` shows on every run that this test can fail: it kills a musterd that keeps nothing."""

import os
import random
import time
from contextlib import contextmanager
from unittest import TestCase

from crowd import PROGRAM_LOAD, Crowd
from musterd import Musterd, main
from phone import Phone
from witness import Contradiction, Load, Witness

KILLS = int(os.environ.get("TEST_KILLS", "12"))
SEED = os.environ.get("TEST_SEED", str(random.SystemRandom().randrange(1 << 32)))
CROWD = 2_000  # phones beside the witnesses, so that batches are large and snapshots come
CROWD_RATE = 30_000
QUIET = ("--log-level", "warn")  # replays are refused by the hundred
LOAD_SECONDS = (0.05, 0.7)
RECOVERY_SECONDS = 0.05  # some kills come within this after a start
KINDS = {"_one", "_several", "_expire", "_star", "_replay", "_delete"}


class Killing:
    """Rounds of: load, kill -9, start again, look."""

    def __init__(self, daemon, seed, crowd=CROWD):
        self.daemon = daemon
        self.random = random.Random(f"{seed} kills")
        self.crowd = Crowd(daemon, crowd if PROGRAM_LOAD else 0)
        self.witnesses = [Witness("a", seed), Witness("b", seed, transport="tcp"), Witness("c", seed),
                          Witness("d", seed, deletes=True)]

    def run(self, kills):
        if self.crowd.size:
            self.crowd.register()
        for _ in range(kills):
            self.kill_under_load()
            self.kill_while_it_recovers()
            self.daemon.start()
            self.check()

    @contextmanager
    def refreshing(self):
        if not self.crowd.size:
            yield
            return
        # Nobody knows how far the last round came.
        self.crowd.cseq += 1_000_000
        load = self.crowd.begin("refresh", 60, "--rate", str(CROWD_RATE))
        try:
            yield
        finally:
            load.kill()
            load.communicate()

    def kill_under_load(self):
        with Load(self.daemon, self.witnesses), self.refreshing():
            time.sleep(self.random.uniform(*LOAD_SECONDS))
            self.daemon.kill()

    def kill_while_it_recovers(self):
        while self.random.random() < 0.25:
            self.daemon.launch()
            time.sleep(self.random.uniform(0, RECOVERY_SECONDS))
            self.daemon.kill()

    def check(self):
        with Phone(self.daemon) as phone:
            for witness in self.witnesses:
                witness.check_all(self.daemon, phone)
        promised = sum(len(account.promises) for witness in self.witnesses for account in witness.accounts.values())
        bindings = self.daemon.metric("muster_bindings")
        if bindings != promised + self.crowd.size:
            raise Contradiction(f"{bindings} bindings in place of {promised} + {self.crowd.size}")

    def confirmed(self):
        """200s by kind of change."""
        kinds = {kind for witness in self.witnesses for kind in witness.confirmed}
        return {kind: sum(witness.confirmed.get(kind, 0) for witness in self.witnesses) for kind in kinds}


class Killed(TestCase):
    def check(self, durability, kills):
        print(f"TEST_SEED={SEED} {durability}", flush=True)
        with Musterd("--durability", durability, "--workers", "2", *QUIET) as daemon:
            killing = Killing(daemon, SEED)
            killing.run(kills)
            confirmed = killing.confirmed()
            print(f"{kills} kills, answers held to: {confirmed}", flush=True)
            # Load that was none would prove nothing.
            self.assertEqual(set(confirmed), KINDS)
            self.assertGreater(sum(confirmed.values()), 20 * kills)

    def test_keeps_every_promise_of_process(self):
        self.check("process", KILLS)

    def test_keeps_every_promise_of_power(self):
        self.check("power", max(3, KILLS // 4))


class Stopped(TestCase):
    def test_under_load_keeps_every_promise(self):
        with Musterd("--durability", "process", *QUIET) as daemon:
            killing = Killing(daemon, SEED, crowd=0)
            for _ in range(3):
                with Load(daemon, killing.witnesses):
                    time.sleep(0.3)
                    daemon.stop_cleanly()
                daemon.start()
                killing.check()


class Forgetful(TestCase):
    def test_is_found_out(self):
        with Musterd("--durability", "memory", *QUIET) as daemon:
            killing = Killing(daemon, SEED)
            with self.assertRaises(Contradiction):
                killing.run(3)


if __name__ == "__main__":
    main()
