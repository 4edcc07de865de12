"""bench/e2e.py must call a measurement worthless when answers or bindings are not right."""

import argparse
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
import e2e


def result(rate, **changes):
    return {
        "items_per_second": rate, "right": 1000, "wrong": 0, "lost": 0, "server_cpu_us": 2.0,
        "rss_megabytes": 1.0, "bindings": None, "expected_bindings": None, **changes,
    }  # fmt: skip


ECHO = "e2e/echo/refresh/1000/numeric/udp"
MUSTER = "e2e/muster-memory/refresh/1000/numeric/udp"
POWER = "e2e/muster-power/refresh/1000/numeric/udp"


def rows(**changes):
    return {
        ECHO: [result(90.0), result(100.0), result(300.0)],
        MUSTER: [result(50.0, **{"bindings": 1000, "expected_bindings": 1000, **changes})],
    }


class E2e(unittest.TestCase):
    def test_right_answers_and_bindings_are_no_fault(self):
        self.assertEqual(list(e2e.faults(rows())), [])

    def test_wrong_answers_are_a_fault(self):
        self.assertEqual(list(e2e.faults(rows(wrong=3))), [f"{MUSTER}: 3 wrong answers"])

    def test_bindings_that_are_missing_or_too_many_are_a_fault(self):
        for stored in (999, 1001, None):
            self.assertEqual(
                list(e2e.faults(rows(bindings=stored))),
                [f"{MUSTER}: {stored} bindings stored, not 1000"],
            )

    def test_only_what_was_lost_may_be_missing(self):
        self.assertEqual(list(e2e.faults(rows(bindings=999, lost=1))), [])
        self.assertEqual(len(list(e2e.faults(rows(bindings=998, lost=1)))), 1)

    def test_the_ratio_is_that_of_the_medians(self):
        self.assertEqual(e2e.ratio(rows(), MUSTER, "echo"), 0.5)

    def test_each_durability_has_a_ratio_to_the_echo_and_to_memory(self):
        measured = {**rows(), POWER: [result(40.0)]}
        self.assertEqual(e2e.ratios(measured, POWER), {"ratio_to_echo": 0.4, "ratio_to_memory": 0.8})

    def test_there_is_no_ratio_to_what_was_not_measured(self):
        self.assertEqual(e2e.ratios({POWER: [result(40.0)]}, POWER), {"ratio_to_echo": None, "ratio_to_memory": None})
        self.assertNotIn("ratio_to_echo", e2e.benchmark_row({POWER: [result(40.0)]}, POWER))

    def test_a_floor_that_is_not_reached_is_a_fault(self):
        measured = {**rows(), POWER: [result(40.0)]}
        for server, base, reached in (("muster-memory", "echo", 0.5), ("muster-power", "muster-memory", 0.8)):
            for floor, found in ((0, 0), (reached, 0), (reached + 0.01, 1)):
                self.assertEqual(len(list(e2e.below_floor(measured, server, base, floor))), found, (server, floor))

    def test_a_floor_of_what_was_not_measured_is_a_fault(self):
        for measured in ({POWER: [result(40.0)]}, rows()):
            self.assertEqual(len(list(e2e.below_floor(measured, "muster-power", "muster-memory", 0.1))), 1)

    def test_names_of_servers_and_modes_are_checked(self):
        self.assertEqual(e2e.some_of(e2e.SERVERS)("echo,muster-power"), ["echo", "muster-power"])
        with self.assertRaises(argparse.ArgumentTypeError):
            e2e.some_of(e2e.MODES)("new,renew")

    def test_a_mix_is_expected_to_add_its_new_users(self):
        muster = argparse.Namespace(name="muster-memory")
        self.assertEqual(e2e.expected_bindings(muster, "mixed", 1000, {"sent": 59}), 1005)
        self.assertEqual(e2e.expected_bindings(muster, "refresh", 1000, {"sent": 59}), 1000)

    def test_json_has_the_shape_of_google_benchmark(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "e2e.json")
            e2e.write_json(rows(), path)
            row = json.loads(path.read_text(encoding="utf-8"))["benchmarks"][1]
        self.assertEqual(row["name"], MUSTER)
        self.assertEqual(row["items_per_second"], 50.0)
        self.assertEqual((row["real_time"], row["time_unit"]), (2e7, "ns"))
        self.assertEqual(row["bindings"], 1000)


if __name__ == "__main__":
    unittest.main()
