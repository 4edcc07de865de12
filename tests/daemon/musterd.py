"""A musterd of its own for a test: free ports, a data folder that goes with it, its log kept."""

import json
import os
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = os.environ.get("PROGRAM_MUSTERD", "musterd")
START_SECONDS = 30  # sanitizers on a busy machine
STOP_SECONDS = 10
ANY_PORTS = ("udp:127.0.0.1:0", "tcp:127.0.0.1:0")
READY = re.compile(r"musterd ready sip=(?P<sip>\S+) http=(?P<http>\S+)\n")


def environment(settings=()):
    """This process's environment with `settings` as the only MUSTER_ variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return {**kept, **dict(settings)}


def run_to_end(*arguments, env=(), folder=None):
    """A musterd that is expected to end by itself: its exit code, stdout and stderr."""
    return subprocess.run([PROGRAM, *arguments], env=environment(env), cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=START_SECONDS, check=False)


def wait_until(condition, what, seconds=10):
    """What `condition` returns, once it is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return value


def split_host_port(text):
    """'[::1]:5060' -> ('::1', 5060)"""
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


class HttpAnswer:
    """Status, header fields and body of one answer, an error's too."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    def json(self):
        return json.loads(self.text)


class Musterd:
    """Started as the `with` statement begins, stopped and checked as it ends. In between it may be killed or stopped,
    and started again on the same data folder: with other ports, and its log goes on."""

    def __init__(self, *arguments, sip=ANY_PORTS, http="127.0.0.1:0", data=None, env=(), config=None, program=PROGRAM):
        self._folder = tempfile.TemporaryDirectory(prefix="musterd-")
        self.data = Path(data) if data else Path(self._folder.name) / "data"
        self._arguments = [program, "--data", str(self.data), *arguments]
        for listener in sip or ():
            self._arguments += ["--sip", listener]
        if http:
            self._arguments += ["--http", http]
        if config is not None:
            self.config = Path(self._folder.name) / "musterd.toml"
            self.config.write_text(config)
            self._arguments += ["--config", str(self.config)]
        self._environment = environment(env)
        self._log_path = Path(self._folder.name) / "stderr"
        self._process = None

    def __enter__(self, stderr=None):
        self.start(stderr=stderr)
        return self

    def launch(self, stderr=None):
        """Begins to start it, and waits for nothing."""
        with open(self._log_path, "ab") as log:
            self._process = subprocess.Popen(self._arguments, env=self._environment,
                                             stdout=subprocess.PIPE, stderr=log if stderr is None else stderr,
                                             stdin=subprocess.DEVNULL, text=True)

    def start(self, stderr=None):
        """Returns when it is ready; gives the seconds that this took."""
        begin = time.monotonic()
        self.launch(stderr)
        try:
            self._read_ready_line()
        except BaseException:
            self.kill()
            raise
        return time.monotonic() - begin

    def __exit__(self, failed, *_):
        try:
            if self._process.poll() is None:
                code = self.stop()
                if failed is None and code != 0:
                    raise AssertionError(f"musterd ended with {code}, not 0\n{self.log()}")
            if failed is not None:
                print(f"--- log of musterd\n{self.log()}---", flush=True)
        finally:
            self.kill()
            self._folder.cleanup()

    def _read_ready_line(self):
        readable, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        self.ready_line = self._process.stdout.readline() if readable else ""
        match = READY.fullmatch(self.ready_line)
        if not match:
            raise AssertionError(f"musterd's first line was {self.ready_line!r}\n{self.log()}")
        self.sip = match["sip"].split(",")
        self.http = match["http"]
        self.url = f"http://{self.http}"

    @property
    def pid(self):
        return self._process.pid

    @property
    def token(self):
        return (self.data / "admin.token").read_text().strip()

    def log(self):
        """What it has written to stderr so far. Its last lines may still be on their way."""
        return self._log_path.read_text(errors="backslashreplace")

    def whole_log(self):
        """Ends it, and gives all that it has written to stderr."""
        if self._process.poll() is None:
            self.stop_cleanly()
        return self.log()

    def address(self, transport, host="127.0.0.1"):
        """(host, port) of its listener for `transport` on `host`."""
        for listener in self.sip:
            listening = split_host_port(listener.partition(":")[2])
            if listener.startswith(transport + ":") and listening[0] == host:
                return listening
        raise AssertionError(f"no {transport} listener on {host} in {self.sip}")

    def send_signal(self, number):
        self._process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Its exit code after the signal; whatever it printed after the ready line is an error."""
        self.send_signal(number)
        try:
            rest, _ = self._process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired as expired:
            raise AssertionError(f"still runs {STOP_SECONDS} s after signal {number}\n{self.log()}") from expired
        if rest:
            raise AssertionError(f"more than the ready line on stdout: {rest!r}")
        return self._process.returncode

    def stop_cleanly(self):
        code = self.stop()
        if code != 0:
            raise AssertionError(f"musterd ended with {code}, not 0\n{self.log()}")

    def kill(self):
        """kill -9; it is gone when this returns."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def request(self, method, path, authorization="token", body=None, **headers):
        """An HTTP request; `authorization` is a field's value, None, or "token" for the operator's."""
        if authorization == "token":
            authorization = f"Bearer {self.token}"
        if authorization is not None:
            headers["Authorization"] = authorization
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as response:
                return HttpAnswer(response)
        except urllib.error.HTTPError as error:
            with error:
                return HttpAnswer(error)

    def get(self, path, **keywords):
        return self.request("GET", path, **keywords)

    def delete(self, path, **keywords):
        return self.request("DELETE", path, **keywords)

    def registrations(self, path=""):
        """The items that the registrations API lists under `path`."""
        answer = self.get("/registrations" + path)
        if answer.status != 200:
            raise AssertionError(f"GET /registrations{path}: {answer.status} {answer.text}")
        return answer.json()["registrations"]

    def metric(self, name):
        """The value of a sample of /metrics, labels included in `name`; None when there is none."""
        for line in self.get("/metrics").text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return None


def main():
    unittest.main(verbosity=2)
