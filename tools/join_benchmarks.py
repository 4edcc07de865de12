#!/usr/bin/env python3
"""Joins Google Benchmark JSON files into one.  Usage: join_benchmarks.py OUT IN...
The context is that of the first."""

import json
import sys


def main(out, *parts):
    documents = [json.load(open(part, encoding="utf-8")) for part in parts]
    joined = {
        "context": documents[0]["context"],
        "benchmarks": [row for document in documents for row in document["benchmarks"]],
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(joined, file, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
