"""muster-load as a test uses it: a crowd of phones that all register, or refresh for a while."""

import json
import os
import subprocess

PROGRAM_LOAD = os.environ.get("PROGRAM_MUSTER_LOAD")
WINDOW = 1_024  # on their way at once: enough for a commit to take its milliseconds
FIRST_NAME = 1_000_000  # its numeric name of the first user


class Crowd:
    def __init__(self, daemon, size):
        self.daemon = daemon
        self.size = size
        self.cseq = 1

    def command(self, *arguments):
        host, port = self.daemon.address("udp")
        return [PROGRAM_LOAD, f"{host}:{port}", "--users", str(self.size), "--cseq", str(self.cseq), *arguments]

    def begin(self, mode, seconds, *arguments):
        return subprocess.Popen(
            self.command("--mode", mode, "--seconds", str(seconds), "--window", str(WINDOW), "--retransmit", "5", "--json",
                         *arguments),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self, load):
        """What a run that was begun has counted; each answer was right."""
        output, errors = load.communicate(timeout=660)
        if load.returncode != 0:
            raise AssertionError(f"muster-load ended with {load.returncode}\n{output}{errors}")
        result = json.loads(output)
        if result["wrong"] or result["lost"]:
            raise AssertionError(f"muster-load: {output}{errors}")
        self.cseq = result["next_cseq"]
        return result

    def register(self):
        """Each user once."""
        result = self.end(self.begin("new", 600, "--count", str(self.size)))
        if result["right"] != self.size:
            raise AssertionError(f"{result['right']} of {self.size} users registered")
        return result
