"""Programs that nobody here wrote, run beside a musterd, and what its API shows meanwhile."""

import json
import os
import signal
import subprocess
import tempfile
import xml.etree.ElementTree
from pathlib import Path

RUN_SECONDS = 30
LISTENERS = ("udp:127.0.0.1:0", "tcp:127.0.0.1:0", "udp:[::1]:0", "tcp:[::1]:0")
WAYS = tuple((transport, host) for host in ("127.0.0.1", "::1") for transport in ("udp", "tcp"))


def in_uri(host):
    """A host as a URI writes it."""
    return f"[{host}]" if ":" in host else host


def run(*command, folder=None, code=0):
    """Its output, stderr included; an AssertionError with it when it does not end with `code`."""
    with tempfile.TemporaryDirectory(prefix="peer-") as own:
        try:
            ended = subprocess.run([str(part) for part in command], cwd=folder or own, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                   timeout=RUN_SECONDS, check=False)
        except subprocess.TimeoutExpired as expired:
            raise AssertionError(f"{command[0]} still ran after {RUN_SECONDS} s:\n{expired.output}") from expired
    if ended.returncode != code:
        raise AssertionError(f"{' '.join(map(str, command))}\nended with {ended.returncode}, not {code}:\n{ended.stdout}")
    return ended.stdout


def curl(daemon, path, *options):
    """The body that curl gets with the operator's token."""
    return run("curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "10",
               "--header", f"Authorization: Bearer {daemon.token}", *options, daemon.url + path)


def listed_as_json(daemon, path):
    return json.loads(curl(daemon, path))["registrations"]


def listed_as_xml(daemon, path):
    """Each Registration as a dictionary of its elements' texts."""
    root = xml.etree.ElementTree.fromstring(curl(daemon, path, "--header", "Accept: application/xml").encode())
    if root.tag != "Registrations":
        raise AssertionError(f"the root is {root.tag}")
    return [{element.tag: element.text or "" for element in item} for item in root.iter("Registration")]


def listed(daemon, path):
    """What curl reads as JSON, once it is seen that the XML says the same."""
    items, texts = listed_as_json(daemon, path), listed_as_xml(daemon, path)
    clock = "secondsToExpire"  # may tick between the two
    if ([{name: str(value) for name, value in item.items() if name != clock} for item in items]
            != [{name: value for name, value in text.items() if name != clock} for text in texts]):
        raise AssertionError(f"JSON and XML differ:\n{items}\n{texts}")
    for item, text in zip(items, texts):
        if not 0 <= item[clock] - int(text[clock]) <= 1:
            raise AssertionError(f"JSON and XML differ:\n{item}\n{text}")
    return items


class Baresip:
    """A baresip without sound that registers one account as it starts and unregisters as it ends."""

    def __init__(self, daemon, transport, host, user, mac):
        self._folder = tempfile.TemporaryDirectory(prefix="baresip-")
        folder = Path(self._folder.name)
        proxy = f"sip:{in_uri(host)}:{daemon.address(transport, host)[1]};transport={transport}"
        (folder / "config").write_text(
            "poll_method epoll\n"
            f"sip_listen {in_uri(host)}:0\n"
            f"net_interface {host}\n"
            "module_path /usr/lib/baresip/modules\n"
            "module_tmp uuid.so\n"
            "module_tmp account.so\n")
        (folder / "accounts").write_text(
            f'"Desk" <sip:{user}@example.com>;outbound="{proxy}";regint=600;regq=0.5;sipnat=outbound\n')
        (folder / "uuid").write_text(f"00000000-0000-1000-8000-{mac}")  # version 1: ends with the MAC
        self._output = folder / "output"
        self._family = "-6" if ":" in host else "-4"

    def __enter__(self):
        with open(self._output, "wb") as output:
            self._process = subprocess.Popen(["baresip", self._family, "-s", "-f", self._folder.name], stdout=output,
                                             stderr=output, stdin=subprocess.DEVNULL, env={**os.environ, "TERM": "dumb"})
        return self

    def __exit__(self, failed, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if failed is not None:
            print(f"--- output of baresip\n{self.output()}---", flush=True)
        self._folder.cleanup()

    def output(self):
        return self._output.read_text(errors="replace")

    def quit(self):
        """Its exit code once it has unregistered."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(RUN_SECONDS)
