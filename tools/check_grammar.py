#!/usr/bin/env python3
"""Checks parser/GRAMMAR.md: each row of its tables is whole, and its last column names a test that
is built in tests/parser.  Usage: check_grammar.py [ROOT].  Prints `file:line: what is wrong` and
exits 1 when there is anything to print."""

import re
import sys
from pathlib import Path

TABLES = Path("parser", "GRAMMAR.md")
TESTS = Path("tests", "parser")
DECLARED = re.compile(r"^(?:TEST|TEST_F|RC_GTEST_PROP)\(\s*(\w+),\s*(\w+)", re.MULTILINE)
NAME = re.compile(r"\w+\.\w+")


def built_tests(folder):
    """Suite.Name of each test in a file that the folder's CMakeLists.txt names."""
    built = re.findall(r"[\w.-]+", (folder / "CMakeLists.txt").read_text(encoding="utf-8"))
    return {
        f"{suite}.{name}"
        for file in folder.glob("*.cc")
        if file.name in built
        for suite, name in DECLARED.findall(file.read_text(encoding="utf-8"))
    }


def cells_of(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows(text):
    """(line, cells, cells of the table's head) of each row of each table."""
    head = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            head = None
        elif head is None:
            head = cells_of(line)
        elif not set(line) <= set("|-: "):
            yield number, cells_of(line), head


def check_row(cells, head, tests):
    """What is wrong with a row, or None."""
    if len(cells) != len(head):
        return f"{len(cells)} columns in a table of {len(head)}"
    if not all(cells):
        return "an empty column"
    if not NAME.fullmatch(cells[-1]):
        return f"'{cells[-1]}' is not the name of one test"
    if cells[-1] not in tests:
        return f"there is no test {cells[-1]} in {TESTS}"
    return None


def check_tables(root):
    """Yields a line of text for each row that is wrong."""
    tests = built_tests(root / TESTS)
    found = list(rows((root / TABLES).read_text(encoding="utf-8")))
    if not found:
        yield f"{TABLES}:1: no table"
    for number, cells, head in found:
        wrong = check_row(cells, head, tests)
        if wrong:
            yield f"{TABLES}:{number}: {wrong}"


def main(arguments):
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).parent.parent)
    if not (root / TABLES).is_file() or not (root / TESTS / "CMakeLists.txt").is_file():
        print(f"{root}: no source tree (there is no {TABLES} or no {TESTS})", file=sys.stderr)
        return 2
    wrong = list(check_tables(root))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
