"""The worst shapes of input cost the parser instructions in proportion to their size.

Usage: linear_work_test.py LINEAR_WORK.  LINEAR_WORK parses each shape in three sizes that double;
callgrind counts the instructions of each, which are the same in every run: no time is measured."""

import re
import subprocess
import sys
import tempfile
import unittest
from collections import defaultdict
from pathlib import Path

# Twice the bytes may cost so much more: 2, and what a longer input loses to thresholds. The largest
# is the index's: a header section beyond 7 KiB has none, and is read byte by byte.
MOST_PER_DOUBLING = 2.4
PROGRAM = sys.argv.pop()


def measure(program):
    """{(shape, work): [(size, instructions), ...]}, sizes ascending."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile")
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=MeasuredWork",
             "--dump-after=MeasuredWork", "--combine-dumps=yes",
             f"--callgrind-out-file={profile}", program],
            capture_output=True, text=True, check=False)  # fmt: skip
        if run.returncode != 0:
            raise RuntimeError(run.stderr)
        calls = [line.split("\t") for line in run.stdout.splitlines()]
        counts = [int(n) for n in re.findall(r"^summary: (\d+)$", profile.read_text(), re.M)]
    # The last part is what follows the last call: nothing.
    if counts.pop() != 0 or len(counts) != len(calls):
        raise RuntimeError(f"{len(calls)} calls, but {len(counts)} counts")
    measured = defaultdict(list)
    for (shape, work, size), count in zip(calls, counts):
        measured[shape, work].append((int(size), count))
    return measured


def growth(counts):
    """The largest ratio of one size's instructions to those of the size before."""
    return max(after[1] / before[1] for before, after in zip(counts, counts[1:]))


class LinearWork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.measured = measure(PROGRAM)
        cls.control = cls.measured.pop(("control", "quadratic"))

    def test_quadratic_work_is_seen(self):
        self.assertGreater(growth(self.control), 3.5)

    def test_no_shape_costs_more_than_in_proportion(self):
        self.assertGreater(len(self.measured), 1000)
        steep = []
        for (shape, work), counts in self.measured.items():
            sizes = [size for size, _ in counts]
            self.assertEqual(sizes, [sizes[0], 2 * sizes[0], 4 * sizes[0]], (shape, work))
            if growth(counts) > MOST_PER_DOUBLING:
                steep.append(f"{shape}, {work}: {counts}")
        if steep:
            self.fail("\n".join(["more than in proportion:", *steep]))


if __name__ == "__main__":
    unittest.main()
