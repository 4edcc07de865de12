#!/usr/bin/env python3
"""Prints the closing table of `./dev bench parser`: time per message of each parser, and how many
times ours.  Usage: parser_table.py JSON, the output of parser_bench.

Each figure is the median of the row's repetitions, in CPU time, since a neighbour on the machine
makes the wall clock's worthless. parser_bench mixes the repetitions of all rows, so that a slow
minute meets all parsers alike."""

import json
import statistics
import sys
from collections import defaultdict

OURS = "muster"
OTHERS = ("sofia", "osip", "libre")
SIZES = ("small", "phone", "fat")
ORDERS = ("varied", "shuffled")


def medians(document):
    """Nanoseconds per message by row name, and the bytes of a message likewise."""
    times, sizes = defaultdict(list), {}
    for row in document["benchmarks"]:
        if row["run_type"] == "iteration":
            assert row["time_unit"] == "ns", row
            times[row["run_name"]].append(row["cpu_time"])
            sizes[row["run_name"]] = row["message_bytes"]
    return {name: statistics.median(each) for name, each in times.items()}, sizes


def lines(document):
    times, sizes = medians(document)
    yield "parse, ns per message (times ours)".ljust(36) + "".join(
        f"{parser:>16}" for parser in (OURS, *OTHERS)
    )
    for corpus in (f"{size}/{order}" for size in SIZES for order in ORDERS):
        ours = times[f"parse/{OURS}/{corpus}"]
        line = f"{corpus:<20}{sizes[f'parse/{OURS}/{corpus}']:>8.0f} bytes  {ours:>16.0f}"
        for parser in OTHERS:
            theirs = times[f"parse/{parser}/{corpus}"]
            line += f"{theirs:>8.0f} {f'({theirs / ours:.1f})':>7}"
        yield line


def main(path):
    with open(path, encoding="utf-8") as file:
        print("\n".join(lines(json.load(file))))


if __name__ == "__main__":
    main(*sys.argv[1:])
