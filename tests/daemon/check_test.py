"""muster check beside data folders that are sound, damaged, in use or none; and musterd, started on each of them
afterwards, does what check has said that it would do."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from unittest import TestCase, skipUnless

from musterd import Musterd, environment, main, run_to_end
from phone import Phone

PROGRAM = os.environ.get("PROGRAM_MUSTER")
DATABASE = "registrations.db"
PAGE = 4096
USERS = 120
KEPT = re.compile(r"(?m)^\S+ info recovered (\d+) bindings from ")
DAMAGED = re.compile(r"(?m)^\S+ error damaged: (.+)$")
NOW_CALLED = re.compile(r"(?m)^\S+ error the damaged database is now (\S+);")


def check(data, *arguments):
    return subprocess.run([PROGRAM, "check", "--data", str(data), *arguments], env=environment(), capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, timeout=60, check=False)


def contents(folder):
    """All files, but the -shm of SQLite, whose bytes say who reads."""
    return {path.name: b"" if path.name.endswith("-shm") else path.read_bytes() for path in Path(folder).iterdir()}


def edit(data, *statements):
    with closing(sqlite3.connect(data / DATABASE)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def rows(data, query):
    with closing(sqlite3.connect(data / DATABASE)) as database:
        return database.execute(query).fetchall()


def overwrite(path, offset, octets):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(octets)


@skipUnless(PROGRAM, "muster is not built")
class CheckTest(TestCase):
    @classmethod
    def setUpClass(cls):
        """Three data folders, made once: of a musterd that was stopped, of one that was killed, and of one that has
        written a snapshot."""
        cls.folder = tempfile.TemporaryDirectory(prefix="muster-check-")
        with Musterd("--durability", "process") as daemon:
            with Phone(daemon) as phone:
                for number in range(USERS):
                    cls.register(phone, number)
            daemon.kill()
            cls.killed = cls.copy(daemon.data, "killed")
            daemon.start()
            daemon.stop_cleanly()
            cls.stopped = cls.copy(daemon.data, "stopped")
        cls.snapshot = cls.copy(cls.stopped, "snapshot")
        # What a damaged database becomes is a snapshot.
        edit(cls.snapshot, "UPDATE batch SET checksum = 0 WHERE number = (SELECT max(number) FROM batch)")
        with Musterd("--durability", "process", data=cls.snapshot) as daemon:
            with Phone(daemon) as phone:
                cls.register(phone, USERS)
        for path in cls.snapshot.glob(DATABASE + ".damaged-*"):
            path.unlink()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @staticmethod
    def register(phone, number):
        answer = phone.register(f"user{number}@example.com", f"<sip:user{number}@192.0.2.1;p={'x' * 150}>")
        if answer.code != 200:
            raise AssertionError(answer.code)

    @classmethod
    def copy(cls, data, name):
        """`data`, and nothing of a SQLite that is gone."""
        to = Path(cls.folder.name) / name
        shutil.copytree(data, to)
        (to / (DATABASE + "-shm")).unlink(missing_ok=True)
        return to

    def fresh(self, data):
        return self.copy(data, f"{self.id().rpartition('.')[2]}-{time.monotonic_ns()}")

    def found(self, data, code):
        """What check --json says; nothing in the folder is changed by it."""
        before = contents(data)
        done = check(data, "--json")
        self.assertEqual(contents(data), before)
        self.assertEqual((done.returncode, done.stderr), (code, ""), done.stdout)
        report = json.loads(done.stdout)
        self.assertEqual(report["sound"], code == 0)
        lines = check(data).stdout.splitlines()
        self.assertEqual(lines[0], f"{data / DATABASE}: {'sound' if code == 0 else 'DAMAGED'}")
        self.assertIn(f"{report['bindings']} current", lines[2])
        for damage in report["damages"]:
            self.assertTrue(any(line.endswith(damage) for line in lines), lines)
        self.assertEqual(contents(data), before)
        return report

    def assert_refused(self, data, code, text):
        before = contents(data) if data.is_dir() else None
        for arguments in ((), ("--json",)):
            done = check(data, *arguments)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.assertRegex(done.stderr, rf"\Amuster: {re.escape(str(data))}[^\n]*{text}[^\n]*\n\Z")
        self.assertEqual(contents(data) if data.is_dir() else None, before)

    def assert_damaged(self, data, text, kept):
        """check says so, and musterd then does what it has said."""
        report = self.found(data, 1)
        self.assertTrue(any(re.search(text, damage) for damage in report["damages"]), report)
        for damage in report["damages"]:
            self.assertRegex(damage, rf"\A{re.escape(str(data / DATABASE))}(-wal)?: ")
        self.assertIn(report["bindings"], kept)
        damaged = (data / DATABASE).read_bytes()
        with Musterd("--durability", "process", data=data) as daemon:
            self.assertEqual(len(daemon.registrations()), report["bindings"])
            with Phone(daemon) as phone:
                self.register(phone, 1000)
            log = daemon.whole_log()
        self.assertEqual(int(KEPT.search(log)[1]), report["bindings"], log)
        self.assertEqual(DAMAGED.findall(log), report["damages"])
        aside = Path(NOW_CALLED.search(log)[1])
        self.assertEqual(aside.parent, data)
        self.assertEqual(len(aside.read_bytes()) == 0, len(damaged) == 0)
        after = self.found(data, 0)
        self.assertEqual((after["bindings"], after["set_aside"]), (report["bindings"] + 1, [str(aside)]))
        return report

    def records_of(self, data, number):
        """The records of a batch, and where in the file they begin."""
        [[records]] = rows(data, f"SELECT records FROM batch WHERE number = {number}")
        place = (data / DATABASE).read_bytes().find(records[:100])
        self.assertGreater(place, 0)
        return records, place

    def pages_of(self, data, table):
        """The table's leaves."""
        try:
            return [number for [number] in rows(data, f"SELECT pageno FROM dbstat WHERE name = '{table}' AND pagetype = 'leaf'")]
        except sqlite3.OperationalError:
            self.skipTest("this SQLite has no dbstat")


class Sound(CheckTest):
    def test_after_a_clean_stop(self):
        report = self.found(self.fresh(self.stopped), 0)
        self.assertEqual((report["bindings"], report["format"], report["damages"], report["integrity"]), (USERS, 1, [], []))
        self.assertGreater(report["batches"]["count"], 1)
        self.assertGreater(report["bytes_on_disk"], report["batches"]["bytes"])

    def test_after_kill_9_with_what_is_in_the_wal_alone(self):
        data = self.fresh(self.killed)
        self.assertGreater((data / (DATABASE + "-wal")).stat().st_size, 0)
        self.assertEqual(self.found(data, 0)["bindings"], USERS)
        with Musterd("--durability", "process", data=data) as daemon:
            self.assertEqual(len(daemon.registrations()), USERS)

    def test_with_a_snapshot(self):
        report = self.found(self.fresh(self.snapshot), 0)
        self.assertGreaterEqual(report["snapshot"]["chunks"], 1)
        self.assertGreater(report["snapshot"]["bytes"], 1000)
        self.assertIn(report["batches"]["count"], (1, 2))  # its servers, and one phone

    def test_without_the_file_of_the_lock(self):
        """A folder without the lock's file stays without one."""
        data = self.fresh(self.stopped)
        (data / "lock").unlink()
        self.found(data, 0)


class Damaged(CheckTest):
    def test_records_of_a_batch(self):
        data = self.fresh(self.stopped)
        records, place = self.records_of(data, 5)
        overwrite(data / DATABASE, place + 30, bytes([records[30] ^ 1]))
        report = self.assert_damaged(data, r"batch 5 does not have its checksum", range(1, USERS))
        self.assertEqual(len(report["damages"]), 1)

    def test_records_of_a_chunk(self):
        data = self.fresh(self.snapshot)
        [[records]] = rows(data, "SELECT records FROM chunk LIMIT 1")
        overwrite(data / DATABASE, (data / DATABASE).read_bytes().find(records[20:120]), b"??")
        self.assert_damaged(data, r"chunk 0 of the snapshot does not have its checksum", range(1, USERS))

    def test_a_page_of_batches(self):
        """The others are kept, on both sides of it."""
        data = self.fresh(self.stopped)
        leaves = self.pages_of(data, "batch")
        self.assertGreater(len(leaves), 4)
        overwrite(data / DATABASE, (leaves[len(leaves) // 2] - 1) * PAGE, os.urandom(1) * PAGE)
        self.assert_damaged(data, r"batch \d+ cannot be read, nor others up to \d+", range(USERS // 2, USERS))

    def test_the_last_pages_are_missing(self):
        data = self.fresh(self.stopped)
        pages = int.from_bytes((data / DATABASE).read_bytes()[28:32], "big")
        os.truncate(data / DATABASE, (pages - 3) * PAGE)
        self.assert_damaged(data, "batch", range(USERS // 2, USERS))

    def test_the_first_page(self):
        data = self.fresh(self.stopped)
        overwrite(data / DATABASE, 0, b"\xa5" * PAGE)
        self.assert_damaged(data, "not a database", [0])

    def test_all_of_it_is_text(self):
        data = self.fresh(self.stopped)
        (data / DATABASE).write_text("bindings = 3\n" * 1000)
        self.assert_damaged(data, "not a database", [0])

    def test_all_of_it_is_gone(self):
        for source in self.stopped, self.killed:
            data = self.fresh(source)
            os.truncate(data / DATABASE, 0)
            self.assert_damaged(data, "the file is empty", [0])

    def test_the_wal(self):
        """SQLite takes a frame that is damaged for the end, and says nothing."""
        octets = (self.killed / (DATABASE + "-wal")).read_bytes()
        frames = (len(octets) - 32) // (PAGE + 24)
        middle = 32 + frames // 2 * (PAGE + 24)
        for place, where in ((middle + 1000, f"frame {frames // 2 + 1} of {frames}"), (middle + 9, f"frame {frames // 2 + 1} "),
                             (middle + 17, f"frame {frames // 2 + 1} "), (33, "frame 1 "), (2, "the header"), (17, "the header")):
            with self.subTest(place=place):
                data = self.fresh(self.killed)
                overwrite(data / (DATABASE + "-wal"), place, bytes([octets[place] ^ 1]))
                report = self.assert_damaged(data, rf"-wal: {where}.* is damaged", range(USERS))
                [aside] = [path for path in data.glob(DATABASE + ".damaged-*-wal")]
                self.assertEqual(len(aside.read_bytes()), len(octets))
                self.assertEqual(report["bindings"] > USERS // 4, place >= middle)

    def test_a_torn_end_of_the_wal_is_none(self):
        """The last transaction may be torn by a crash: nobody was told of it."""
        data = self.fresh(self.killed)
        wal = data / (DATABASE + "-wal")
        frames = (wal.stat().st_size - 32) // (PAGE + 24)
        for cut in 1, 100, PAGE + 24 + 7:
            os.truncate(wal, wal.stat().st_size - cut)
            self.assertGreater(self.found(data, 0)["bindings"], USERS - 10, frames)

    def test_a_batch_is_missing(self):
        data = self.fresh(self.stopped)
        edit(data, "DELETE FROM batch WHERE number = 5")
        self.assert_damaged(data, "batch 5 is missing", range(1, USERS))

    def test_a_chunk_is_missing(self):
        data = self.fresh(self.snapshot)
        edit(data, "DELETE FROM chunk")
        self.assert_damaged(data, "snapshot is of 1 chunks", [1])

    def test_the_snapshot_is_said_to_be_of_very_many_chunks(self):
        data = self.fresh(self.snapshot)
        edit(data, "UPDATE snapshot SET chunks = 1 << 40")
        self.assert_damaged(data, "snapshot is of 1099511627776 chunks", range(USERS - 1, USERS + 2))

    def test_the_snapshots_row_is_missing(self):
        data = self.fresh(self.snapshot)
        edit(data, "DELETE FROM snapshot")
        self.assert_damaged(data, "batch .* is missing", [1])
        data = self.fresh(self.snapshot)
        edit(data, "DELETE FROM snapshot", "DELETE FROM batch")
        self.assert_damaged(data, "the snapshot's row is missing", [0])

    def test_a_table_is_missing(self):
        for table in "batch", "chunk", "snapshot", "trial":
            data = self.fresh(self.stopped)
            edit(data, f"DROP TABLE {table}")
            self.assert_damaged(data, f"no such table: {table}", [0] if table in ("batch", "chunk") else [USERS])

    def test_garbage_anywhere_ends_neither_of_them(self):
        """Whatever is hit: check ends and says how many are kept, and musterd keeps as many."""
        size = (self.stopped / DATABASE).stat().st_size
        for place in range(PAGE, min(size, 40 * PAGE), 3 * PAGE):
            with self.subTest(page=place // PAGE + 1):
                data = self.fresh(self.stopped)
                overwrite(data / DATABASE, place + 8, bytes((place >> 12) * 37 + i * 101 & 255 for i in range(PAGE - 8)))
                done = check(data, "--json")
                self.assertIn(done.returncode, (0, 1), done.stderr)
                report = json.loads(done.stdout)
                with Musterd("--durability", "process", data=data) as daemon:
                    self.assertEqual(len(daemon.registrations()), report["bindings"], report)
                    self.assertEqual(DAMAGED.findall(daemon.whole_log()), report["damages"])

    def test_what_sqlite_alone_sees_is_told(self):
        data = self.fresh(self.stopped)
        edit(data, "CREATE TABLE waste(x)", "INSERT INTO waste VALUES(zeroblob(40000))", "DROP TABLE waste")
        [[free]] = rows(data, "PRAGMA freelist_count")
        self.assertGreater(free, 5)
        octets = (data / DATABASE).read_bytes()
        overwrite(data / DATABASE, 36, (free + 5).to_bytes(4, "big"))
        report = self.found(data, 1)
        self.assertEqual((report["bindings"], report["damages"]), (USERS, []))
        self.assertTrue(report["integrity"])
        self.assertEqual(len(octets), (data / DATABASE).stat().st_size)


class Refused(CheckTest):
    def test_no_folder_is_2_and_makes_none(self):
        missing = Path(self.folder.name) / "missing"
        self.assert_refused(missing, 2, "no such folder")
        self.assertFalse(missing.exists())
        self.assert_refused(self.stopped / DATABASE, 2, "no such folder")

    def test_no_database_is_2(self):
        data = self.fresh(self.stopped)
        (data / DATABASE).unlink()
        self.assert_refused(data, 2, "no registrations.db in it; .*--durability memory")
        (data / (DATABASE + ".damaged-17")).write_bytes(b"x")
        self.assert_refused(data, 2, "no registrations.db in it, but registrations.db.damaged-17")
        with Musterd("--durability", "memory") as daemon:
            daemon.stop_cleanly()
            self.assert_refused(daemon.data, 2, "--durability memory")

    def test_a_newer_format_is_3(self):
        data = self.fresh(self.stopped)
        edit(data, "PRAGMA user_version = 2")
        self.assert_refused(data, 3, r"newer version of muster \(format 2")

    def test_a_newer_format_is_left_alone_with_a_damaged_wal_too(self):
        source = self.fresh(self.stopped)
        with closing(sqlite3.connect(source / DATABASE, isolation_level=None)) as database:
            database.execute("PRAGMA user_version = 2")
            for number in range(20):
                database.execute(f"REPLACE INTO trial VALUES(0, {number})")
            data = self.fresh(source)
        self.assertGreater((data / (DATABASE + "-wal")).stat().st_size, 20 * PAGE)
        overwrite(data / (DATABASE + "-wal"), 32 + 10 * (PAGE + 24) + 1000, b"??")
        self.assert_refused(data, 3, r"newer version of muster \(format 2")
        started = run_to_end("--data", str(data), "--sip", "udp:127.0.0.1:0", "--http", "127.0.0.1:0")
        self.assertEqual(started.returncode, 3, started)
        self.assertEqual(list(data.glob(DATABASE + ".damaged-*")), [])

    def test_in_use_is_3_and_leaves_the_daemon_alone(self):
        for durability in "process", "memory":
            with Musterd("--durability", durability) as daemon:
                with Phone(daemon) as phone:
                    self.register(phone, 1)
                if durability == "process":
                    self.assert_in_use(daemon)
                self.assertEqual((daemon.data / "http.url").read_text().strip(), daemon.url)
                self.assertEqual(len(daemon.registrations()), 1)

    def assert_in_use(self, daemon):
        before = (daemon.data / "http.url").read_text()
        for arguments in ((), ("--json",)):
            done = check(daemon.data, *arguments)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (3, "", f"muster: {daemon.data}: the data folder is in use by another process\n"))
        self.assertEqual((daemon.data / "http.url").read_text(), before)

    def test_a_folder_of_read_rights_only_says_so(self):
        if os.geteuid() == 0:
            self.skipTest("root may do everything")
        data = self.fresh(self.stopped)
        data.chmod(0o500)
        self.assertIn(check(data).returncode, (0, 2))


if __name__ == "__main__":
    main()
