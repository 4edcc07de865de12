#!/usr/bin/env python3
"""Counts what our parser does for a message, in a simulated processor: instructions, conditional
branches, mispredicted branches (conditional and indirect). Unlike times these come out the same on
a busy machine.  Usage: parser_callgrind.py [--bin DIR] [--keep DIR] [ROW...]

ROW is that of parser_bench; without one, all of ours. Only the parsing is collected: Parse() and
Release() of each message, the function ParseEach of parser_bench. Valgrind 3.19 knows no AVX-512,
so it is the AVX2 path that is counted; its branch predictor is far simpler than a real one.

The hottest functions, and the hottest lines of them:
  bench/parser_callgrind.py --keep /tmp/profile parse/muster/phone/varied
  callgrind_annotate --auto=yes /tmp/profile/parse.muster.phone.varied.out
Columns: Ir instructions, Bc conditional branches, Bcm those mispredicted, Bi and Bim indirect ones.
`--sort=Bcm` (before the file) puts the most mispredicted first."""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    f"parse/muster/{size}/{order}"
    for size in ("small", "phone", "fat")
    for order in ("varied", "shuffled")
]


def profile(parser_bench, row, out):
    """Runs one row under callgrind; returns how many messages were parsed."""
    command = [
        "valgrind", "--tool=callgrind", "--branch-sim=yes", f"--callgrind-out-file={out}",
        "--toggle-collect=muster::bench::ParseEach*", parser_bench, f"--walk={row}",
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"parser_callgrind: {row}: {run.stdout}{run.stderr}")
    return int(run.stdout.split()[0])


def totals(out):
    """The events of a callgrind file by their names."""
    text = out.read_text(encoding="utf-8")
    events = re.search(r"^events: (.*)$", text, re.MULTILINE)[1].split()
    counts = re.search(r"^(?:totals|summary): (.*)$", text, re.MULTILINE)[1].split()
    total = dict(zip(events, map(int, counts)))
    if total["Ir"] == 0:
        sys.exit("parser_callgrind: nothing collected: is ParseEach still a function of its own?")
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin")
    parser.add_argument("--keep", type=Path, help="keep callgrind's files in this folder")
    parser.add_argument("rows", nargs="*", metavar="ROW", default=ROWS)
    arguments = parser.parse_args()
    print(f"{'per message':<30}{'instructions':>14}{'branches':>12}{'mispredicted':>14}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for row in arguments.rows:
            out = folder / f"{row.replace('/', '.')}.out"
            messages = profile(arguments.bin / "parser_bench", row, out)
            total = totals(out)
            figures = (total["Ir"], total["Bc"], total["Bcm"] + total["Bim"])
            instructions, branches, missed = (figure / messages for figure in figures)
            print(f"{row:<30}{instructions:>14.1f}{branches:>12.1f}{missed:>14.2f}", flush=True)


if __name__ == "__main__":
    main()
