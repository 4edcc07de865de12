"""Refreshes at full rate for TEST_SOAK_SECONDS (3600): the data folder and the memory must be as large at the end as at
the beginning."""

import os
import statistics
import time
from dataclasses import dataclass
from unittest import TestCase

from crowd import Crowd
from musterd import Musterd, main

USERS = 100_000
SECONDS = float(os.environ.get("TEST_SOAK_SECONDS", "3600"))
# Until then answers fill their memory, and the journal comes to its first snapshots.
WARM_UP_SECONDS = min(180, SECONDS / 3)
SAMPLE_SECONDS = 0.5 if SECONDS < 600 else 2
RUN_SECONDS = 60  # muster-load starts anew so often
MIB = 1 << 20
MOST_GROWTH = 1.1
TIMES_LIVE = 3
WAL_ALLOWANCE = 32 * MIB


@dataclass
class Sample:
    folder: int  # bytes on disk
    resident: int
    live: float  # of the newest snapshot
    tail: float


def folder_bytes(path):
    """Blocks that it really takes; a file that goes in between takes none."""
    total = 0
    for entry in os.scandir(path):
        try:
            total += entry.stat().st_blocks * 512
        except FileNotFoundError:
            pass
    return total


def spread(name, samples, value):
    values = [value(sample) / MIB for sample in samples]
    return f"{name}: min {min(values):.1f}, median {statistics.median(values):.1f}, max {max(values):.1f} MiB"


class Soak(TestCase):
    def sample(self):
        return Sample(folder_bytes(self.daemon.data), self.daemon.metric("process_resident_memory_bytes"),
                      self.daemon.metric("muster_journal_snapshot_bytes"), self.daemon.metric("muster_journal_tail_bytes"))

    def refresh(self, crowd):
        """(seconds since the start, sample) of the whole time."""
        samples = []
        start = time.monotonic()
        refreshes = 0
        while (left := SECONDS - (time.monotonic() - start)) > 0:
            load = crowd.begin("refresh", min(left, RUN_SECONDS))
            try:
                while load.poll() is None:
                    samples.append((time.monotonic() - start, self.sample()))
                    time.sleep(SAMPLE_SECONDS)
                refreshes += crowd.end(load)["right"]
            finally:
                load.kill()
                load.wait()
        print(f"{refreshes:,} refreshes of {USERS:,} users in {SECONDS:.0f} s", flush=True)
        return samples

    def quarters(self, samples):
        """The first and the last quarter of what comes after the warm-up."""
        quarter = (SECONDS - WARM_UP_SECONDS) / 4
        first = [sample for at, sample in samples if WARM_UP_SECONDS <= at < WARM_UP_SECONDS + quarter]
        last = [sample for at, sample in samples if at >= SECONDS - quarter]
        return first, last

    def test_of_refreshes_grows_neither_folder_nor_memory(self):
        self.daemon = self.enterContext(Musterd("--durability", "power", "--log-level", "warn"))
        crowd = Crowd(self.daemon, USERS)
        crowd.register()
        samples = self.refresh(crowd)
        first, last = self.quarters(samples)
        measures = {"data folder": lambda sample: sample.folder, "resident memory": lambda sample: sample.resident}
        for name, value in measures.items():
            print(spread(f"{name}, first quarter", first, value), flush=True)
            print(spread(f"{name}, last quarter", last, value), flush=True)
        print(spread("tail", last, lambda sample: sample.tail), spread("snapshot", last, lambda sample: sample.live),
              f"muster_journal_disk_bytes {self.daemon.metric('muster_journal_disk_bytes') / MIB:.1f} MiB", sep="; ", flush=True)
        for name, value in measures.items():
            self.assertLessEqual(max(map(value, last)), MOST_GROWTH * max(map(value, first)), name)
        for at, sample in samples:
            if at >= WARM_UP_SECONDS:
                self.assertGreater(sample.live, 0)
                self.assertLessEqual(sample.folder, TIMES_LIVE * sample.live + WAL_ALLOWANCE, f"after {at:.0f} s: {sample}")
        self.assertEqual(self.daemon.metric("muster_bindings"), USERS)
        self.assertEqual(self.daemon.metric("muster_journal_failures_total"), 0)


if __name__ == "__main__":
    main()
