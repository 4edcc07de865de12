"""Each rule of tools/check_includes.py is shown to fail on a tree that breaks just that rule."""

import unittest

from source_tree import run

PROGRAM = "check_includes.py"

GOOD = {
    "parser/include/muster/parser/uri.h": "#pragma once\n#include <span>\nnamespace muster::parser {}\n",
    "parser/uri.cc": '#include "muster/parser/uri.h"\n#include <immintrin.h>\n\n'
    '#include "absl/strings/ascii.h"\nnamespace muster::parser {}\n',
    "core/table/shard.h": '#pragma once\n#include "absl/time/time.h"\n'
    "namespace muster::core {}\n",
    "core/table/shard.cc": '#include "table/shard.h"\n#include "muster/parser/uri.h"\n'
    "namespace muster::core {\nnamespace {}\n}\n",
    "sip/udp.cc": "#include <sys/socket.h>\n#include <boost/asio/io_context.hpp>\n"
    '#include "muster/core/aor.h"\nnamespace muster::sip {}\n',
    "http/server.cc": "#include <boost/beast/http.hpp>\nnamespace muster::http {}\n",
    "daemon/config.h": "#pragma once\n#include <toml++/toml.h>\nnamespace muster::daemon {}\n",
    "daemon/main.cc": '#include "config.h"\nint main() {}\n',
    "tests/core/shard_test.cc": '#include "core/table/shard.h"\n#include <gtest/gtest.h>\n',
    "tests/daemon/config_test.cc": '#include "daemon/config.h"\n',
}


class CheckIncludes(unittest.TestCase):
    def expect_broken(self, name, text, message):
        result = run(PROGRAM, {**GOOD, name: text})
        self.assertEqual((result.stdout, result.returncode), (f"{name}:{message}\n", 1))

    def test_a_tree_that_keeps_the_rules_passes(self):
        result = run(PROGRAM, GOOD)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_no_tree_is_not_a_pass(self):
        self.assertEqual(run(PROGRAM, {"readme": ""}).returncode, 2)

    def test_a_folder_that_the_table_does_not_grant(self):
        for folder, header in (
            ("parser", "core/aor.h"),
            ("core", "sip/udp.h"),
            ("core", "http/server.h"),
            ("sip", "http/server.h"),
            ("http", "sip/udp.h"),
            ("http", "daemon/config.h"),
            ("sip", "daemon/config.h"),
        ):
            text = f'#include "muster/{header}"\nnamespace muster::{folder} {{}}\n'
            used = header.split("/")[0]
            self.expect_broken(
                f"{folder}/x.cc", text, f"1: muster/{header}: {folder} may not use {used}"
            )

    def test_a_library_that_the_table_does_not_grant(self):
        for folder, header, library in (
            ("parser", "spdlog/spdlog.h", "spdlog"),
            ("parser", "sys/socket.h", "posix"),
            ("parser", "sys/mman.h", "mmap"),
            ("core", "sys/socket.h", "posix"),
            ("core", "boost/asio/ip/tcp.hpp", "asio"),
            ("core", "boost/beast/http.hpp", "beast"),
            ("core", "sqlite3.h", "sqlite"),
            ("core", "simdjson.h", "simdjson"),
            ("sip", "boost/beast/http.hpp", "beast"),
            ("sip", "simdjson.h", "simdjson"),
            ("http", "prometheus/registry.h", "prometheus"),
            ("http", "strange/thing.hpp", "an unknown library"),
        ):
            text = f"\n#include <{header}>\nnamespace muster::{folder} {{}}\n"
            self.expect_broken(
                f"{folder}/x.cc", text, f"2: {header}: {folder} may not use {library}"
            )

    def test_core_neither_prints_nor_reads_the_clock_nor_starts_threads(self):
        for header in ("iostream", "chrono", "thread", "absl/time/clock.h"):
            text = f"#include <{header}>\nnamespace muster::core {{}}\n"
            self.expect_broken("core/x.cc", text, f"1: {header}: core may not use <{header}>")

        text = '#include <cstdio>\nnamespace muster::core {{ {} }}\n'
        self.expect_broken("core/x.cc", text.format('std::printf("");'), "2: core may not print")
        self.assertEqual(run(PROGRAM, {**GOOD, "core/x.cc": text.format("snprintf(a, 1, b);")}).stdout, "")

    def test_a_private_header_of_another_folder(self):
        text = '#include "../core/table/shard.h"\nnamespace muster::sip {}\n'
        self.expect_broken(
            "sip/x.cc",
            text,
            "1: ../core/table/shard.h: sip includes a private header of core",
        )

    def test_nobody_includes_the_daemon(self):
        self.expect_broken(
            "tests/core/x_test.cc",
            '#include "daemon/config.h"\n',
            "1: daemon/config.h: nobody includes daemon",
        )

    def test_a_header_that_does_not_exist(self):
        self.expect_broken(
            "core/x.cc",
            '#include "table/shrad.h"\nnamespace muster::core {}\n',
            "1: table/shrad.h: there is no such header of ours",
        )

    def test_a_header_without_pragma_once(self):
        self.expect_broken(
            "core/x.h", "namespace muster::core {}\n", "1: a header without #pragma once"
        )

    def test_a_foreign_namespace(self):
        self.expect_broken(
            "core/x.cc",
            "\nnamespace muster::parser {}\n",
            "2: namespace muster::parser in folder core: it is muster::core",
        )
        self.expect_broken("core/x.cc", "int x;\n", "1: no namespace muster::core")


if __name__ == "__main__":
    unittest.main()
