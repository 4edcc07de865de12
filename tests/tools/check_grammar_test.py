"""tools/check_grammar.py is shown to fail on each fault that a table can have."""

import unittest

from source_tree import run

PROGRAM = "check_grammar.py"

HEAD = "# Title\n\n| input | decision | clause | test |\n|---|---|---|---|\n"
ROW = "| NUL | refused | 25.1 | Message.RefusesNul |\n"
GOOD = {
    "parser/GRAMMAR.md": HEAD + ROW,
    "tests/parser/CMakeLists.txt": "muster_test(parser_test\n  SOURCES\n    a_test.cc\n    b_test.cc)\n",
    "tests/parser/a_test.cc": "TEST(Message, RefusesNul) {\n}\n",
    "tests/parser/b_test.cc": "TEST_F(Uri, Works) {}\nRC_GTEST_PROP(Any, Holds, ()) {}\n",
}


class CheckGrammar(unittest.TestCase):
    def expect_wrong(self, files, line, message):
        result = run(PROGRAM, {**GOOD, **files})
        printed = f"parser/GRAMMAR.md:{line}: {message}\n"
        self.assertEqual((result.stdout, result.returncode), (printed, 1))

    def expect_row_wrong(self, row, message):
        self.expect_wrong({"parser/GRAMMAR.md": HEAD + ROW + row + "\n"}, 6, message)

    def test_a_table_of_tests_that_are_there_passes(self):
        more = "| a | b | c | Uri.Works |\n| a | b | c | Any.Holds |\n\n| limit | test |\n|---|---|\n"
        text = HEAD + ROW + more + "| bytes | Message.RefusesNul |\n"
        result = run(PROGRAM, {**GOOD, "parser/GRAMMAR.md": text})
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_no_tree_is_not_a_pass(self):
        self.assertEqual(run(PROGRAM, {"readme": ""}).returncode, 2)

    def test_no_table_is_not_a_pass(self):
        self.expect_wrong({"parser/GRAMMAR.md": "# Title\n"}, 1, "no table")

    def test_a_test_that_does_not_exist(self):
        self.expect_row_wrong(
            "| a | b | c | Message.RefusesNuls |",
            "there is no test Message.RefusesNuls in tests/parser",
        )

    def test_a_test_that_is_not_built(self):
        files = {"tests/parser/CMakeLists.txt": "muster_test(parser_test SOURCES b_test.cc)\n"}
        self.expect_wrong(files, 5, "there is no test Message.RefusesNul in tests/parser")

    def test_a_test_that_is_commented_out(self):
        files = {"tests/parser/a_test.cc": "// TEST(Message, RefusesNul) {}\n"}
        self.expect_wrong(files, 5, "there is no test Message.RefusesNul in tests/parser")

    def test_no_test_named(self):
        self.expect_row_wrong("| a | b | c | a_test.cc and more |",
                              "'a_test.cc and more' is not the name of one test")  # fmt: skip
        self.expect_row_wrong("| a | b | c | |", "an empty column")

    def test_no_clause(self):
        self.expect_row_wrong("| a | b | | Message.RefusesNul |", "an empty column")

    def test_a_row_of_too_few_columns(self):
        self.expect_row_wrong("| a | Message.RefusesNul |", "2 columns in a table of 4")


if __name__ == "__main__":
    unittest.main()
