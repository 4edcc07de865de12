"""bench/http_wrk.py must call a measurement worthless when answers are not right."""

import argparse
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
import http_wrk

WRK = """Running 1s test @ http://127.0.0.1:8080
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   505.33us    1.05ms  16.10ms   96.25%
    Req/Sec    44.84k     4.20k   50.70k    80.00%
  Latency Distribution
     50%  328.00us
     99%    5.09ms
  44635 requests in 1.00s, 36.95MB read
Requests/sec:  44599.81
Transfer/sec:     36.92MB
"""
USER = "/v1/bindings?user="


def body(*numbers, **changes):
    items = [{**http_wrk.binding(i), "user": str(http_wrk.FIRST_USER + i), **changes} for i in numbers]
    return json.dumps({"items": items})


def rows(failed=0):
    def result(rate):
        return [{"items_per_second": rate * i, "requests": 1, "failed": failed} for i in (1, 2, 30)]

    return {f"http/{name}/user": result(rate) for name, rate in (("muster", 30), ("beast", 40), ("nginx", 60))}


class HttpWrk(unittest.TestCase):
    def test_reads_what_wrk_found(self):
        self.assertEqual(
            http_wrk.read_wrk(WRK),
            {"items_per_second": 44599.81, "requests": 44635, "p99_us": 5090.0, "failed": 0},
        )

    def test_refused_and_lost_requests_have_failed(self):
        text = WRK + "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n"
        self.assertEqual(http_wrk.read_wrk(text)["failed"], 15)

    def test_what_wrk_has_not_said_is_no_measurement(self):
        with self.assertRaises(RuntimeError):
            http_wrk.read_wrk("unable to connect to 127.0.0.1:1 Connection refused\n")

    def test_a_right_answer_is_right(self):
        self.assertIsNone(http_wrk.wrong_answer(body(0), USER, 1))
        self.assertIsNone(http_wrk.wrong_answer(body(5, 3), "/v1/bindings?limit=2", 2))

    def test_wrong_answers_are_found(self):
        for text, path, count in (
            (body(), USER, 1),
            (body(0, 1), USER, 1),
            (body(1), USER, 1),
            (body(3, 3), "/v1/bindings?limit=2", 2),
            (body(0, call_id="x"), USER, 1),
            (body(0, port=1), USER, 1),
        ):
            self.assertIsNotNone(http_wrk.wrong_answer(text, path, count), text)

    def test_the_ratio_is_that_of_the_medians(self):
        self.assertEqual(http_wrk.ratio(rows(), "http/muster/user", "beast"), 0.75)
        self.assertEqual(http_wrk.ratio(rows(), "http/muster/user", "nginx"), 0.5)

    def test_failed_requests_and_floors_that_are_not_reached_are_faults(self):
        for failed, beast, nginx, found in ((0, 0, 0, 0), (1, 0, 0, 3), (0, 0.75, 0.5, 0), (0, 0.76, 0.51, 2)):
            options = argparse.Namespace(beast_floor=beast, nginx_floor=nginx)
            self.assertEqual(len(list(http_wrk.faults(rows(failed), options))), found)


if __name__ == "__main__":
    unittest.main()
