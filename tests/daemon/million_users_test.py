"""A million users: what they cost, how fast they are found, and that refreshes cost nothing more."""

import http.client
import json
import os
import statistics
import subprocess
import time
from unittest import TestCase

from musterd import Musterd, main, split_host_port

USERS = 1_000_000
FIRST_NAME = 1_000_000  # muster-load's numeric name of its first user
PROGRAM_LOAD = os.environ["PROGRAM_MUSTER_LOAD"]
MIB = 1 << 20
RETRANSMISSION_MIB = 256  # core/limits.h: remembered answers
LOOKUPS = 300
# Over HTTP and on a busy machine; reading a million rows takes far longer.
LOOKUP_SECONDS = 0.02


class MillionUsers(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(Musterd())
        cls.empty_mib = cls.resident_mib()
        cls.cseq = 1
        cls.load("new")
        cls.full_mib = cls.resident_mib()

    @classmethod
    def resident_mib(cls):
        return cls.daemon.metric("process_resident_memory_bytes") / MIB

    @classmethod
    def load(cls, mode):
        """Each user registers once; muster-load looks at every answer."""
        host, port = cls.daemon.address("udp")
        ended = subprocess.run([PROGRAM_LOAD, f"{host}:{port}", "--mode", mode, "--users", str(USERS), "--count", str(USERS),
                                "--cseq", str(cls.cseq), "--seconds", "600", "--retransmit", "5", "--json"],
                               capture_output=True, text=True, timeout=660, check=False)
        if ended.returncode != 0:
            raise AssertionError(f"muster-load {mode}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
        result = json.loads(ended.stdout)
        if (result["right"], result["wrong"], result["lost"]) != (USERS, 0, 0):
            raise AssertionError(f"muster-load {mode}: {ended.stdout}{ended.stderr}")
        cls.cseq = result["next_cseq"]
        print(f"{mode}: {result['items_per_second']:,.0f} registrations/s", flush=True)

    def test_are_all_there(self):
        self.assertEqual(self.daemon.metric("muster_bindings"), USERS)

    def test_cost_less_than_a_kilobyte_each(self):
        table = self.daemon.metric("muster_table_bytes") / USERS
        resident = (self.full_mib - self.empty_mib) * MIB / USERS
        print(f"bytes a binding: {table:.0f} in the table, {resident:.0f} resident with the remembered answers", flush=True)
        self.assertLess(table, 1024)
        self.assertLess(resident * USERS / MIB - RETRANSMISSION_MIB, 1.25 * table * USERS / MIB)

    def find(self, connection, path):
        connection.request("GET", "/registrations" + path, headers={"Authorization": f"Bearer {self.daemon.token}"})
        answer = connection.getresponse()
        return json.loads(answer.read())["registrations"]

    def test_are_found_by_each_key_at_once(self):
        connection = http.client.HTTPConnection(*split_host_port(self.daemon.http), timeout=30)
        self.addCleanup(connection.close)
        keys = {"user": lambda n: f"/user/{FIRST_NAME + n}",
                "ip": lambda n: f"/ip/10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
                "serialNo": lambda n: f"/serialNo/{0x0004f2000000 + n:012x}"}
        for name, path in keys.items():
            times = []
            for lookup in range(LOOKUPS):
                user = lookup * 7919 * 421 % USERS
                start = time.perf_counter()
                items = self.find(connection, path(user))
                times.append(time.perf_counter() - start)
                self.assertEqual([item["identity"] for item in items], [f"{FIRST_NAME + user}@example.com"], path(user))
            median = statistics.median(times)
            print(f"GET /registrations/{name}/...: median {median * 1e6:.0f} us over HTTP", flush=True)
            self.assertLess(median, LOOKUP_SECONDS, name)

    def test_are_listed_in_bounded_memory(self):
        connection = http.client.HTTPConnection(*split_host_port(self.daemon.http), timeout=60)
        self.addCleanup(connection.close)
        before = self.resident_mib()
        connection.request("GET", "/registrations", headers={"Authorization": f"Bearer {self.daemon.token}"})
        answer = connection.getresponse()
        listed, octets, tail = 0, 0, b""
        while chunk := answer.read(MIB):
            octets += len(chunk)
            text = tail + chunk
            listed += text.count(b'"regCallId"')
            tail = text[-len('"regCallId"') + 1:]
        grown = self.resident_mib() - before
        print(f"listing of {octets / MIB:.0f} MiB: resident memory grew by {grown:.1f} MiB", flush=True)
        self.assertEqual(listed, USERS)
        self.assertLess(grown, 32)

    def test_may_refresh_for_ever_without_growth(self):
        for _ in range(2):
            self.load("refresh")
            grown = self.resident_mib() - self.full_mib
            print(f"after {USERS:,} refreshes resident memory has grown by {grown:.1f} MiB", flush=True)
            # The answers of the registrations had filled their memory before.
            self.assertLess(grown, 32)
        self.assertEqual(self.daemon.metric("muster_bindings"), USERS)


if __name__ == "__main__":
    main()
