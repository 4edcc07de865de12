#!/usr/bin/env python3
"""The table of the parsers: medians of the repetitions, and ratios of these."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import parser_table  # noqa: E402


def row(parser, corpus, cpu_time, run_type="iteration"):
    return {
        "run_name": f"parse/{parser}/{corpus}",
        "run_type": run_type,
        "time_unit": "ns",
        "cpu_time": cpu_time,
        "real_time": 7 * cpu_time,
        "message_bytes": 620,
    }


def document():
    """Ours takes 100 ns, the others 850, 1600 and 3200; one repetition of each is far off."""
    rows = []
    for size in parser_table.SIZES:
        for order in parser_table.ORDERS:
            for parser, time in (("muster", 100), ("sofia", 850), ("osip", 1600), ("libre", 3200)):
                rows += [row(parser, f"{size}/{order}", t) for t in (time, time + 2, 90 * time)]
                rows += [row(parser, f"{size}/{order}", 1, run_type="aggregate")] * 4
    return {"benchmarks": rows}


class ParserTableTest(unittest.TestCase):
    def test_each_size_and_order_has_a_line_under_the_heading(self):
        names = [line.split()[0] for line in parser_table.lines(document())][1:]
        self.assertEqual(
            names,
            ["small/varied", "small/shuffled", "phone/varied", "phone/shuffled", "fat/varied",
             "fat/shuffled"],
        )  # fmt: skip

    def test_a_line_has_the_medians_and_how_many_times_ours_they_are(self):
        fields = list(parser_table.lines(document()))[3].split()
        self.assertEqual(
            fields,
            ["phone/varied", "620", "bytes", "102", "852", "(8.4)", "1602", "(15.7)", "3202",
             "(31.4)"],
        )  # fmt: skip

    def test_a_row_that_was_not_measured_is_an_error(self):
        rows = [r for r in document()["benchmarks"] if r["run_name"] != "parse/osip/fat/varied"]
        with self.assertRaises(KeyError):
            list(parser_table.lines({"benchmarks": rows}))


if __name__ == "__main__":
    unittest.main()
