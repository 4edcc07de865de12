#!/usr/bin/env python3
"""Checks who includes whom: folder = namespace = CMake target, and a folder may use only what the
table below grants it.  Usage: check_includes.py [ROOT].  Prints `file:line: what breaks which rule`
and exits 1 when there is anything to print."""

import re
import sys
from pathlib import Path

# The headers of other libraries, by the prefix of their path.
LIBRARIES = {
    "absl": ("absl/",),
    "asio": ("boost/asio.hpp", "boost/asio/", "boost/system/"),
    "beast": ("boost/beast.hpp", "boost/beast/"),
    "boost": ("boost/",),
    "cli": ("CLI/",),
    "mmap": ("sys/mman.h",),
    "openssl": ("openssl/",),
    "prometheus": ("prometheus/",),
    "simd": ("immintrin.h", "emmintrin.h"),
    "simdjson": ("simdjson.h",),
    "spdlog": ("spdlog/",),
    "sqlite": ("sqlite3.h",),
    "toml": ("toml++/",),
    "xxhash": ("xxhash.h",),
    # The operating system's: every other header with a name in .h.
    "posix": (),
}

# Printing, threads and the clock: parser and core are given what they need of these. <cstdio> they
# may have for snprintf alone.
IMPURE = {
    "chrono", "condition_variable", "ctime", "fstream", "future", "iostream", "ostream", "thread",
    "absl/time/clock.h", "absl/synchronization/mutex.h",
}
PURE_FOLDERS = ("parser", "core")
PRINTING = re.compile(r"\b(?:v?f?printf|f?puts|putchar|perror|fwrite)\s*\(")

# folder: the folders and the libraries it may use, and the headers it may not in spite of that.
# The standard library is everybody's.
TABLE = {
    "parser": {"folders": set(), "libraries": {"absl", "simd"}, "never": IMPURE},
    "core": {
        "folders": {"parser"},
        "libraries": {"absl", "mmap", "simd"},
        "never": IMPURE,
    },
    "journal": {
        "folders": {"core"},
        "libraries": {"absl", "openssl", "spdlog", "sqlite", "xxhash", "posix"},
        "never": set(),
    },
    "sip": {
        "folders": {"parser", "core"},
        "libraries": {"absl", "asio", "spdlog", "posix"},
        "never": set(),
    },
    "http": {
        "folders": {"parser", "core"},
        "libraries": {"absl", "asio", "beast", "boost", "openssl", "simdjson", "spdlog", "posix"},
        "never": set(),
    },
    "daemon": {
        "folders": {"parser", "core", "journal", "sip", "http"},
        "libraries": set(LIBRARIES),
        "never": set(),
    },
}
# Around the house: these may use everything, private headers too, but the daemon, which only its own
# tests include.
AROUND = ("bench", "tests")
TESTS_OF_DAEMON = ("daemon", "cli")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NAMESPACE = re.compile(r"^\s*(?:inline\s+)?namespace\s+(muster[\w:]*)")
MAIN = re.compile(r"^int main\(", re.MULTILINE)


def library_of(header):
    """The longest match wins, so that Asio is Asio and not just Boost."""
    matches = [
        (len(prefix), name)
        for name, prefixes in LIBRARIES.items()
        for prefix in prefixes
        if header.startswith(prefix)
    ]
    if matches:
        return max(matches)[1]
    if "." not in header:
        return "std"
    return "posix" if header.endswith(".h") else None


def owner_of(root, folder, file, header):
    """The folder that a header of ours is in, and whether it is a public one; None when it is not
    ours."""
    public = re.match(r"muster/(\w+)/", header)
    if public:
        return public[1], True
    for base in (file.parent, root / folder, root):
        found = (base / header).resolve()
        if found.is_file() and root in found.parents:
            return found.relative_to(root).parts[0], False
    return None


def check_own(folder, tested, owner, public):
    """The rule that an include of our own header breaks, or None."""
    if owner == folder:
        return None
    if folder in AROUND:
        if owner == "daemon" and tested not in TESTS_OF_DAEMON:
            return "nobody includes daemon"
        return None
    if owner not in TABLE[folder]["folders"]:
        return f"{folder} may not use {owner}"
    return None if public else f"{folder} includes a private header of {owner}"


def check_include(root, folder, file, quote, header):
    tested = file.relative_to(root).parts[1] if folder == "tests" else None
    owner = owner_of(root, folder, file, header)
    if owner:
        return check_own(folder, tested, *owner)
    if folder in AROUND:
        return None
    library = library_of(header)
    if header in TABLE[folder]["never"]:
        return f"{folder} may not use <{header}>"
    if library == "std":
        return None
    if library == "posix" and quote == '"':
        return "there is no such header of ours"
    if library not in TABLE[folder]["libraries"]:
        return f"{folder} may not use {library or 'an unknown library'}"
    return None


def check_namespace(folder, text, lines):
    """Whatever a folder declares stands in the namespace of its name."""
    wanted = f"muster::{folder}"
    found = [(n, m[1]) for n, line in enumerate(lines, 1) if (m := NAMESPACE.match(line))]
    for number, name in found:
        if name != wanted and not name.startswith(wanted + "::"):
            yield number, f"namespace {name} in folder {folder}: it is {wanted}"
    if not found and not MAIN.search(text):
        yield 1, f"no namespace {wanted}"


def check_file(root, folder, file):
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    if file.suffix == ".h" and "#pragma once" not in lines:
        yield 1, "a header without #pragma once"
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        if include:
            broken = check_include(root, folder, file, *include.groups())
            if broken:
                yield number, f"{include[2]}: {broken}"
        elif folder in PURE_FOLDERS and PRINTING.search(line.split("//")[0]):
            yield number, f"{folder} may not print"
    if folder in TABLE:
        yield from check_namespace(folder, text, lines)


def check_tree(root):
    """Yields a line of text for each rule that a file of `root` breaks."""
    root = root.resolve()
    for folder in (*TABLE, *AROUND):
        files = (f for f in (root / folder).rglob("*") if f.suffix in (".h", ".cc"))
        for file in sorted(files):
            for number, message in check_file(root, folder, file):
                yield f"{file.relative_to(root)}:{number}: {message}"


def main(arguments):
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).parent.parent)
    if not (root / "parser").is_dir():
        print(f"{root}: no source tree (there is no folder parser)", file=sys.stderr)
        return 2
    broken = list(check_tree(root))
    for line in broken:
        print(line)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
