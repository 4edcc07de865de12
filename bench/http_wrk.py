#!/usr/bin/env python3
"""Requests a second over HTTP: musterd with its table filled on one core, wrk on another, and in turn
with it a bare Beast server and nginx with a file, which answer the same bytes to every request. What
counts are the ratios to these; the machine is in all of them."""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import e2e
from e2e import median, ratio

FIRST_USER = 2_000_000  # so all have as many digits, and their answers as many bytes
LINES_AT_ONCE = 100  # of an import: its body is limited
WAIT_SECONDS = 10
# Name: path, rows in the answer. A path that ends in "=" gets a user behind it.
QUESTIONS = {
    "user": ("/v1/bindings?user=", 1),
    "page50": ("/v1/bindings?limit=50", 50),
    "page500": ("/v1/bindings?limit=500", 500),
}
NEEDED = {"wrk": "wrk", "nginx": "nginx-light"}  # program: package

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile {sendfile};
  tcp_nopush on;
  open_file_cache max=10 inactive=1h;
  open_file_cache_valid 1h;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder};
  }}
}}
"""


def fetch(server, path, **fields):
    request = urllib.request.Request(f"http://{server.http}{path}", **fields)
    if server.token:
        request.add_header("Authorization", f"Bearer {server.token}")
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        return answer.read()


class Muster(e2e.MusterMemory):
    name = "muster"

    def __init__(self, options, folder):
        super().__init__(options, folder)
        self.token = self.token_file.read_text(encoding="utf-8").strip()


class FileServer(e2e.ServerProcess):
    """Answers each request with the body that it is given; gets the header fields that musterd gets."""

    def __init__(self, command, options, token):
        super().__init__(command, options.server_cpu)
        self.token = token


class Beast(FileServer):
    name = "beast"

    def __init__(self, options, folder, body, token):
        file = Path(folder, "body.json")
        file.write_bytes(body)
        command = [f"{options.bin}/muster-http-echo", "application/json", str(file)]
        super().__init__(command, options, token)
        self.http = re.search(r"http=(\S+)", self.process.stdout.readline())[1]


def free_port():
    """For nginx, which cannot choose one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Nginx(FileServer):
    name = "nginx"

    def __init__(self, options, folder, body, token):
        file = Path(folder, "v1/bindings")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(body)
        port = free_port()
        self.http = f"127.0.0.1:{port}"
        config = Path(folder, "nginx.conf")
        sendfile = "on" if len(body) > 8192 else "off"  # what is faster for it
        text = NGINX.format(folder=folder, port=port, sendfile=sendfile)
        config.write_text(text, encoding="utf-8")
        command = [options.nginx, "-p", folder, "-c", str(config)]
        super().__init__(command, options, token)
        self.await_answer()

    def await_answer(self):
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fetch(self, "/v1/bindings")
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.01)


SERVERS = (Muster.name, Beast.name, Nginx.name)


def binding(number):
    """One line of an import, with strings as long as phones have them."""
    user = str(FIRST_USER + number)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return {
        "aor": f"{user}@registrar.example.com",
        "contact": f"<sip:{user}@{address}:5060;transport=udp;line=a1b2c3>",
        "call_id": f"{number:08x}-4e1a-4b7c-9d25-{number * 2654435761 % 2**48:012x}",
        "cseq": 1 + number % 1000,
        "expires_at": "2199-01-01T00:00:00Z",
        "instance": f"urn:uuid:{number:08x}-0b5f-4c8e-8a11-0004f2{number:06x}",
        "user_agent": f"Yealink SIP-T4{number % 10}S 66.85.0.{number % 40}",
        "ip": address,
        "port": 5060,
        "transport": "udp",
    }


def fill(server, count):
    for begin in range(0, count, LINES_AT_ONCE):
        lines = [json.dumps(binding(i)) for i in range(begin, min(begin + LINES_AT_ONCE, count))]
        headers = {"Content-Type": "application/x-ndjson"}
        answer = json.loads(fetch(server, "/v1/bindings", data="\n".join(lines).encode(), headers=headers))
        if answer["imported"] != len(lines):
            raise RuntimeError(f"import: {answer}")


def wrong_answer(body, path, rows):
    """What is wrong with musterd's answer to the first user, or to a page; None when it is right."""
    items = json.loads(body)["items"]
    if len(items) != rows or len({item["aor"] for item in items}) != rows:
        return f"{len(items)} items, not {rows} different ones"
    for item in items:
        wanted = binding(int(item["user"]) - FIRST_USER)
        for key, value in wanted.items():
            if item.get(key) != value:
                return f"{key} is {item.get(key)!r}, not {value!r}"
    if path.endswith("=") and items[0]["user"] != str(FIRST_USER):
        return f"user {items[0]['user']} was not asked for"
    return None


def read_wrk(text):
    """What wrk found; its number of answers that were none."""
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", text, re.MULTILINE)
    requests = re.search(r"^\s*(\d+) requests in", text, re.MULTILINE)
    p99 = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)$", text, re.MULTILINE)
    if not (rate and requests and p99):
        raise RuntimeError(f"wrk said {text!r}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return {
        "items_per_second": float(rate[1]),
        "requests": int(requests[1]),
        "p99_us": float(p99[1]) * {"us": 1, "ms": 1e3, "s": 1e6}[p99[2]],
        "failed": (int(refused[1]) if refused else 0) + sum(map(int, lost.groups() if lost else ())),
    }


def run_wrk(options, server, path):
    users = [str(FIRST_USER), str(options.bindings)] if path.endswith("=") else []
    command = [
        "taskset", "-c", str(options.wrk_cpu), options.wrk, "--threads", "1", "--connections",
        str(options.connections), "--duration", f"{options.seconds}s", "--latency", "--script",
        str(Path(__file__).with_suffix(".lua")), "--header", f"Authorization: Bearer {server.token}",
        f"http://{server.http}", "--", path, *users,
    ]  # fmt: skip
    before = server.cpu_seconds()
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result = read_wrk(run.stdout)
    result["cpu_us"] = 1e6 * (server.cpu_seconds() - before) / max(1, result["requests"])
    return result


def measure_question(options, muster, name, rows):
    path, items = QUESTIONS[name]
    target = f"{path}{FIRST_USER}" if path.endswith("=") else path
    body = fetch(muster, target)
    if wrong := wrong_answer(body, path, items):
        raise RuntimeError(f"{target}: {wrong}")
    with tempfile.TemporaryDirectory(prefix="muster-http-") as folder:
        servers = [muster]
        try:
            for kind in (Beast, Nginx):
                servers.append(kind(options, folder, body, muster.token))
                if fetch(servers[-1], target) != body:
                    raise RuntimeError(f"{kind.name} answers something else")
            for _ in range(options.rounds):
                for server in servers:
                    result = run_wrk(options, server, path)
                    rows[f"http/{server.name}/{name}"].append({**result, "body_bytes": len(body)})
        finally:
            for server in servers[1:]:
                server.stop()


def measure(options):
    """{row name: [result of each round]}, servers taking turns: A B C A B C."""
    rows = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="muster-http-") as folder:
        muster = Muster(options, folder)
        try:
            fill(muster, options.bindings)
            for name in options.questions:
                measure_question(options, muster, name, rows)
        finally:
            muster.stop()
    return rows


def faults(rows, options):
    """What makes the measurement worthless, or misses a floor."""
    for name, results in rows.items():
        if failed := sum(result["failed"] for result in results):
            yield f"{name}: {failed} requests failed"
    for server, floor in ((Beast.name, options.beast_floor), (Nginx.name, options.nginx_floor)):
        name = f"http/{Muster.name}/user"
        if floor and (reached := ratio(rows, name, server)) < floor:
            yield f"{name}: {reached:.2f} of {server}, less than {floor}"


def print_table(rows):
    head = ("bytes", "requests/s", "of beast", "of nginx", "cpu us", "p99 us")
    print(f"{'':24}" + "".join(f"{title:>12}" for title in head))
    for name, results in rows.items():
        cells = (
            str(results[0]["body_bytes"]),
            f"{median(results, 'items_per_second'):.0f}",
            f"{ratio(rows, name, Beast.name):.2f}",
            f"{ratio(rows, name, Nginx.name):.2f}",
            f"{median(results, 'cpu_us'):.1f}",
            f"{median(results, 'p99_us'):.0f}",
        )
        print(f"{name:24}" + "".join(f"{cell:>12}" for cell in cells))


def benchmark_row(rows, name):
    results = rows[name]
    requests = sum(result["requests"] for result in results)
    return {
        **e2e.google_row(name, results, requests, median(results, "cpu_us")),
        "ratio_to_beast": ratio(rows, name, Beast.name),
        "ratio_to_nginx": ratio(rows, name, Nginx.name),
        "body_bytes": results[0]["body_bytes"],
    }


def parse_arguments():
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default=root / "build/release/bin", help="where the programs are")
    parser.add_argument("--questions", type=e2e.some_of(QUESTIONS), default=list(QUESTIONS), help="comma-separated")
    parser.add_argument("--bindings", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=3, help="of each run")
    parser.add_argument("--rounds", type=int, default=3, help="the table shows their median")
    parser.add_argument("--server-cpu", type=int, default=0)
    parser.add_argument("--wrk-cpu", type=int, default=min(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--beast-floor", type=float, default=0, help="fail when musterd's user is below this of Beast's")
    parser.add_argument("--nginx-floor", type=float, default=0, help="and of nginx's")
    parser.add_argument("--json", help="also write Google Benchmark's JSON to this file")
    return parser.parse_args()


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin")


def main():
    options = parse_arguments()
    options.data = None
    options.wrk, options.nginx = find("wrk"), find("nginx")
    rows = {}
    if missing := [package for program, package in NEEDED.items() if not find(program)]:
        print(f"http_wrk: skipped, not installed: {' '.join(missing)}", file=sys.stderr)
    else:
        rows = measure(options)
        print_table(rows)
    if options.json:
        benchmarks = [benchmark_row(rows, name) for name in rows]
        e2e.write_google_rows(benchmarks, "bench/http_wrk.py", options.json)
    found = list(faults(rows, options)) if rows else []
    for fault in found:
        print(f"http_wrk: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
