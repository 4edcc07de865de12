#!/usr/bin/env python3
"""Registrations a second over UDP, end to end: musterd on one core, the load generator on another,
in each durability, and in turn with them the echo, which stores nothing. What counts are the ratios
to the echo and to musterd without durability; the machine is in all of them."""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections import defaultdict
from pathlib import Path

READY_SECONDS = 20
MODES = ("new", "refresh", "mixed")
# Requests in flight: at 200,000 a second, what comes in while a commit takes 5 ms.
WINDOW = 1024


class ServerProcess:
    """A server process on a core of its own."""

    def __init__(self, command, cpu):
        self.process = subprocess.Popen(
            ["taskset", "-c", str(cpu), *command], stdout=subprocess.PIPE, text=True
        )

    def cpu_seconds(self):
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(READY_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Server(ServerProcess):
    """One from its ready line to its end."""

    def __init__(self, command, cpu):
        super().__init__(command, cpu)
        signal.signal(signal.SIGALRM, self.too_late)
        signal.alarm(READY_SECONDS)
        line = self.process.stdout.readline()
        signal.alarm(0)
        ready = re.search(r" ready sip=udp:(\S+:\d+)(?: http=(\S+))?", line)
        if not ready:
            self.stop()
            raise RuntimeError(f"{command[0]} said {line!r} in place of its ready line")
        self.sip, self.http = ready.groups()

    def too_late(self, *_):
        self.process.kill()

    def rss_megabytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024

    def bindings(self):
        return None


class Echo(Server):
    name = "echo"

    def __init__(self, options, _folder):
        super().__init__([f"{options.bin}/muster-echo", "127.0.0.1:0"], options.server_cpu)


class Muster(Server):
    durability = ""

    def __init__(self, options, folder):
        self.token_file = Path(folder, "admin.token")
        super().__init__(
            [
                f"{options.bin}/musterd", "--sip", "udp:127.0.0.1:0", "--http", "127.0.0.1:0",
                "--data", folder, "--durability", self.durability, "--workers", "1",
                "--log-level", "warn",
            ],
            options.server_cpu,
        )  # fmt: skip

    def bindings(self):
        token = self.token_file.read_text(encoding="utf-8").strip()
        request = urllib.request.Request(
            f"http://{self.http}/metrics", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            metrics = answer.read().decode()
        found = re.search(r"^muster_bindings(?:\{[^}]*\})? (\S+)$", metrics, re.MULTILINE)
        return int(float(found[1])) if found else None


class MusterMemory(Muster):
    name = "muster-memory"
    durability = "memory"


class MusterProcess(Muster):
    name = "muster-process"
    durability = "process"


class MusterPower(Muster):
    name = "muster-power"
    durability = "power"


SERVERS = {kind.name: kind for kind in (Echo, MusterMemory, MusterProcess, MusterPower)}


def generate(options, server, mode, users, names, cseq):
    """One run of the load generator; what it counted, and what the server spent on it."""
    command = [
        f"{options.bin}/muster-load", server.sip, "--json", "--mode", mode, "--names", names,
        "--users", str(users), "--cseq", str(cseq), "--window", str(options.window),
        "--cpu", str(options.generator_cpu),
        "--seconds", str(600 if mode == "new" else options.seconds),
    ]  # fmt: skip
    cpu_before = server.cpu_seconds()
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not run.stdout:
        raise RuntimeError(f"muster-load failed with {run.returncode}")
    result = json.loads(run.stdout)
    result["server_cpu_us"] = 1e6 * (server.cpu_seconds() - cpu_before) / max(1, result["right"])
    result["rss_megabytes"] = server.rss_megabytes()
    result["bindings"] = server.bindings()
    return result


def expected_bindings(server, mode, users, result):
    """Mixed adds one user in ten requests; a refresh adds nobody."""
    if server.name == "echo":
        return None
    return users + result["sent"] // 10 if mode == "mixed" else users


def measure_server(options, kind, users, names, rows):
    with tempfile.TemporaryDirectory(prefix="muster-e2e-", dir=options.data) as folder:
        server = kind(options, folder)
        try:
            cseq = 1
            # All users are new first, whether that is asked for or not.
            for mode in [mode for mode in MODES if mode in ("new", *options.modes)]:
                result = generate(options, server, mode, users, names, cseq)
                cseq = result["next_cseq"]
                result["expected_bindings"] = expected_bindings(server, mode, users, result)
                if mode in options.modes:
                    rows[f"e2e/{server.name}/{mode}/{users}/{names}/udp"].append(result)
        finally:
            server.stop()


def measure(options):
    """{row name: [result of each round]}, servers taking turns: A B C A B C."""
    rows = defaultdict(list)
    for users in options.users:
        for names in options.names:
            for _ in range(options.rounds):
                for server in options.servers:
                    measure_server(options, SERVERS[server], users, names, rows)
    return rows


def median(results, key):
    return statistics.median(result[key] for result in results)


def ratio(rows, name, server):
    """Of a row's rate to that of `server` in the same work; None when that was not measured."""
    parts = name.split("/")
    other = rows.get("/".join([parts[0], server, *parts[2:]]))
    if not other:
        return None
    return median(rows[name], "items_per_second") / median(other, "items_per_second")


def faults(rows):
    """What makes the figures worthless: answers or bindings that are not right."""
    for name, results in rows.items():
        for result in results:
            if result["wrong"]:
                yield f"{name}: {result['wrong']} wrong answers"
            lost = result["lost"]
            bindings, expected = result["bindings"], result["expected_bindings"]
            if expected is not None and not (
                bindings is not None and expected - lost <= bindings <= expected
            ):
                yield f"{name}: {bindings} bindings stored, not {expected}"


def below_floor(rows, server, base, floor):
    """What is too slow of `server`'s refreshes, or was not measured though a floor was asked for."""
    found = [(name, ratio(rows, name, base)) for name in rows if f"/{server}/refresh/" in name]
    if floor and not found:
        yield f"no refresh of {server} to compare with {base}"
    for name, reached in found:
        if floor and reached is None:
            yield f"{name}: no {base} to compare with"
        elif floor and reached < floor:
            yield f"{name}: {reached:.2f} of {base}, less than {floor}"


def ratios(rows, name):
    return {
        "ratio_to_echo": ratio(rows, name, Echo.name),
        "ratio_to_memory": ratio(rows, name, MusterMemory.name),
    }


def print_table(rows):
    head = ("items/s", "of echo", "of memory", "cpu us", "p50 us", "p99 us", "lost", "wrong", "bindings", "MB")
    print(f"{'':46}" + "".join(f"{title:>10}" for title in head))
    for name in sorted(rows):
        results = rows[name]
        latency = [result["latency_us"] for result in results]
        stored = results[-1]["bindings"]
        cells = (
            f"{median(results, 'items_per_second'):.0f}",
            *("-" if of is None else f"{of:.2f}" for of in ratios(rows, name).values()),
            f"{median(results, 'server_cpu_us'):.2f}",
            f"{median(latency, 'p50'):.0f}",
            f"{median(latency, 'p99'):.0f}",
            str(sum(result["lost"] for result in results)),
            str(sum(result["wrong"] for result in results)),
            "-" if stored is None else str(stored),
            f"{results[-1]['rss_megabytes']:.0f}",
        )
        print(f"{name:46}" + "".join(f"{cell:>10}" for cell in cells))


def google_row(name, results, iterations, cpu_us):
    """A row as Google Benchmark would write it; times are per item."""
    rate = median(results, "items_per_second")
    return {
        "name": name,
        "run_name": name,
        "run_type": "iteration",
        "repetitions": len(results),
        "threads": 1,
        "iterations": iterations,
        "real_time": 1e9 / rate if rate else 0,
        "cpu_time": 1e3 * cpu_us,
        "time_unit": "ns",
        "items_per_second": rate,
    }


def benchmark_row(rows, name):
    """Of REGISTERs."""
    results = rows[name]
    answered = sum(result["right"] for result in results)
    return {
        **google_row(name, results, answered, median(results, "server_cpu_us")),
        **{key: value for key, value in ratios(rows, name).items() if value is not None},
        "lost": sum(result["lost"] for result in results),
        "wrong": sum(result["wrong"] for result in results),
        "rss_bytes": int(results[-1]["rss_megabytes"] * 1024 * 1024),
        **({"bindings": b} if (b := results[-1]["bindings"]) is not None else {}),
    }


def write_google_rows(benchmarks, executable, path):
    document = {
        "context": {"executable": executable, "num_cpus": os.cpu_count()},
        "benchmarks": benchmarks,
    }
    Path(path).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def write_json(rows, path):
    write_google_rows([benchmark_row(rows, name) for name in sorted(rows)], "bench/e2e.py", path)


def numbers(text):
    return [int(number) for number in text.split(",")]


def some_of(known):
    """A type of argument: names among `known`, comma-separated."""

    def parse(text):
        names = text.split(",")
        if unknown := set(names) - set(known):
            raise argparse.ArgumentTypeError(f"{sorted(unknown)[0]!r} is none of {' '.join(known)}")
        return names

    return parse


def parse_arguments():
    root = Path(__file__).resolve().parents[1]
    last_cpu = min(1, (os.cpu_count() or 1) - 1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default=root / "build/release/bin", help="where the programs are")
    parser.add_argument("--servers", type=some_of(SERVERS), default=list(SERVERS), help="in turn, comma-separated")
    parser.add_argument("--modes", type=some_of(MODES), default=list(MODES), help="what to show, comma-separated")
    parser.add_argument("--data", help="where data folders go: a disk, not memory (default: the system's temporary folder)")
    parser.add_argument("--users", type=numbers, default=[100_000], help="sizes, comma-separated")
    parser.add_argument("--names", type=lambda text: text.split(","), default=["numeric"])
    parser.add_argument("--seconds", type=float, default=3, help="of each refresh and mixed run")
    parser.add_argument("--rounds", type=int, default=3, help="the table shows their median")
    parser.add_argument("--window", type=int, default=WINDOW, help="requests in flight")
    parser.add_argument("--server-cpu", type=int, default=0)
    parser.add_argument("--generator-cpu", type=int, default=last_cpu)
    parser.add_argument("--floor", type=float, default=0,
                        help="fail when muster-memory's refresh is below this of the echo's")
    parser.add_argument("--power-floor", type=float, default=0,
                        help="fail when muster-power's refresh is below this of muster-memory's")
    parser.add_argument("--json", help="also write Google Benchmark's JSON to this file")
    return parser.parse_args()


def main():
    options = parse_arguments()
    rows = measure(options)
    print_table(rows)
    if options.json:
        write_json(rows, options.json)
    found = [
        *faults(rows),
        *below_floor(rows, MusterMemory.name, Echo.name, options.floor),
        *below_floor(rows, MusterPower.name, MusterMemory.name, options.power_floor),
    ]
    for fault in found:
        print(f"e2e: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
