"""Ready line, ports, data folder, token: what holds once musterd runs, and what keeps it from running."""

import os
import re
import socket
import stat
import tempfile
from pathlib import Path
from unittest import TestCase

from musterd import Musterd, main, run_to_end, split_host_port
from phone import Phone


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


class ReadyLine(TestCase):
    def test_names_the_listeners_in_the_order_given_with_their_real_ports(self):
        asked = ["tcp:127.0.0.1:0", "udp:[::1]:0", "udp:127.0.0.1:0", "tcp:[::1]:0"]
        with Musterd(sip=asked) as daemon:
            self.assertEqual([re.sub(r"\d+$", "0", listener) for listener in daemon.sip], asked)
            self.assertEqual(daemon.ready_line, f"musterd ready sip={','.join(daemon.sip)} http={daemon.http}\n")
            for listener in [*daemon.sip, daemon.http]:
                self.assertNotEqual(split_host_port(listener)[1], 0, listener)
            for transport in "udp", "tcp":
                for host in "127.0.0.1", "::1":
                    with Phone(daemon, transport, host) as phone:
                        self.assertEqual(phone.register().code, 200, f"{transport} {host}")

    def test_http_listens_on_ipv6(self):
        with Musterd(http="[::1]:0") as daemon:
            self.assertRegex(daemon.http, r"^\[::1\]:[1-9]\d*$")
            self.assertEqual(daemon.get("/healthz").status, 200)

    def test_a_wildcard_listener_answers_on_each_address(self):
        with Musterd(sip=["udp:0.0.0.0:0", "udp:[::]:0"]) as daemon:
            self.assertRegex(daemon.ready_line, r" sip=udp:0\.0\.0\.0:\d+,udp:\[::\]:\d+ ")
            ports = [split_host_port(listener)[1] for listener in daemon.sip]
            daemon.sip = [f"udp:127.0.0.1:{ports[0]}", f"udp:[::1]:{ports[1]}"]
            for host in "127.0.0.1", "::1":
                with Phone(daemon, "udp", host) as phone:
                    self.assertEqual(phone.register().code, 200, host)

    def test_a_host_name_is_a_listen_address(self):
        with Musterd(sip=["udp:localhost:0"], http="localhost:0") as daemon:
            self.assertRegex(daemon.sip[0], r"^udp:(127\.0\.0\.1|\[::1\]):\d+$")
            self.assertEqual(daemon.get("/healthz").status, 200)


class PortInUse(TestCase):
    def check(self, flag, prefix, kind, http="127.0.0.1:0"):
        with socket.socket(socket.AF_INET, kind) as taken, tempfile.TemporaryDirectory() as folder:
            taken.bind(("127.0.0.1", 0))
            if kind == socket.SOCK_STREAM:
                taken.listen()
            address = f"{prefix}127.0.0.1:{taken.getsockname()[1]}"
            arguments = ["--data", folder, flag, address]
            if flag != "--http":
                arguments += ["--http", http]
            else:
                arguments += ["--sip", "udp:127.0.0.1:0"]
            ended = run_to_end(*arguments)
        self.assertEqual((ended.returncode, ended.stdout), (2, ""), ended.stderr)
        self.assertRegex(ended.stderr, rf"\Amusterd: [^\n]*{address}[^\n]*in use[^\n]*\n\Z")

    def test_of_udp_is_named_and_ends_it_with_2(self):
        self.check("--sip", "udp:", socket.SOCK_DGRAM)

    def test_of_tcp_is_named_and_ends_it_with_2(self):
        self.check("--sip", "tcp:", socket.SOCK_STREAM)

    def test_of_http_is_named_and_ends_it_with_2(self):
        self.check("--http", "", socket.SOCK_STREAM)

    def test_by_another_musterd_with_several_workers_is_not_shared(self):
        with Musterd("--workers", "2") as daemon, tempfile.TemporaryDirectory() as folder:
            for listener in daemon.sip:
                ended = run_to_end("--workers", "2", "--data", folder, "--http", "127.0.0.1:0", "--sip", listener)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""), ended.stderr)
                self.assertIn(listener, ended.stderr)

    def test_an_address_of_another_machine_is_named_and_ends_it_with_2(self):
        for flag, address in (("--sip", "udp:192.0.2.1:0"), ("--sip", "tcp:192.0.2.1:0"), ("--http", "192.0.2.1:0")):
            with self.subTest(address), tempfile.TemporaryDirectory() as folder:
                others = ["--http", "127.0.0.1:0"] if flag == "--sip" else ["--sip", "udp:127.0.0.1:0"]
                ended = run_to_end("--data", folder, flag, address, *others)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""), ended.stderr)
                self.assertRegex(ended.stderr, rf"\Amusterd: [^\n]*{address}[^\n]+\n\Z")


class DataFolder(TestCase):
    def test_is_made_for_its_owner_alone(self):
        with Musterd() as daemon:
            self.assertEqual(mode(daemon.data), 0o700)
            self.assertEqual(mode(daemon.data / "admin.token"), 0o600)

    def test_is_made_with_the_folders_above_it(self):
        with tempfile.TemporaryDirectory() as folder, Musterd(data=Path(folder) / "a" / "b") as daemon:
            self.assertTrue((daemon.data / "admin.token").is_file())

    def test_is_muster_data_in_the_current_folder_unless_said(self):
        with tempfile.TemporaryDirectory() as folder:
            # Ends at its taken HTTP port, after it has opened the folder.
            with socket.create_server(("127.0.0.1", 0)) as taken:
                run_to_end("--http", f"127.0.0.1:{taken.getsockname()[1]}", "--sip", "udp:127.0.0.1:0", folder=folder)
            self.assertEqual(os.listdir(folder), ["muster-data"])
            self.assertEqual(mode(Path(folder) / "muster-data"), 0o700)

    def test_in_use_ends_a_second_musterd_with_3(self):
        with Musterd() as daemon:
            ended = run_to_end("--data", str(daemon.data), "--http", "127.0.0.1:0", "--sip", "udp:127.0.0.1:0")
            self.assertEqual((ended.returncode, ended.stdout), (3, ""))
            self.assertRegex(ended.stderr, rf"\Amusterd: {daemon.data}: [^\n]*in use[^\n]*\n\Z")
            self.assertEqual(daemon.get("/healthz").status, 200)

    def test_is_free_again_after_a_kill(self):
        with tempfile.TemporaryDirectory() as folder:
            with Musterd(data=folder) as daemon:
                daemon.kill()
            with Musterd(data=folder) as daemon:
                self.assertEqual(daemon.get("/healthz").status, 200)

    def test_that_cannot_be_made_is_named(self):
        with tempfile.NamedTemporaryFile() as file:
            for path in file.name, file.name + "/below":
                ended = run_to_end("--data", path, "--http", "127.0.0.1:0", "--sip", "udp:127.0.0.1:0")
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertRegex(ended.stderr, rf"\Amusterd: {path}[^\n]*\n\Z")


class AdminToken(TestCase):
    def test_is_256_random_bits_in_printable_characters(self):
        with Musterd() as one, Musterd() as other:
            for daemon in one, other:
                self.assertRegex((daemon.data / "admin.token").read_text(), r"\A[!-~]{43,}\n\Z")
            self.assertNotEqual(one.token, other.token)

    def test_is_kept_over_a_restart(self):
        with tempfile.TemporaryDirectory() as folder:
            with Musterd(data=folder) as daemon:
                first = daemon.token
            with Musterd(data=folder) as daemon:
                self.assertEqual(daemon.token, first)
                self.assertEqual(daemon.get("/registrations").status, 200)

    def test_that_is_too_short_to_be_one_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "admin.token").write_text("\n")
            ended = run_to_end("--data", folder, "--http", "127.0.0.1:0", "--sip", "udp:127.0.0.1:0")
            self.assertEqual(ended.returncode, 2)
            self.assertRegex(ended.stderr, rf"\Amusterd: {folder}/admin\.token: expected [^\n]+\n\Z")

    def test_is_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "admin.token").mkdir()
            ended = run_to_end("--sip", "udp:127.0.0.1:0", "--http", "127.0.0.1:0", "--data", folder)
            self.assertEqual(ended.returncode, 2)
            self.assertRegex(ended.stderr, rf"\Amusterd: {folder}/admin\.token: expected a regular file\n\Z")

    def test_never_appears_in_the_log(self):
        with Musterd("--log-level", "debug") as daemon:
            daemon.get("/registrations")
            daemon.get("/registrations", authorization="Bearer wrong")
            self.assertNotIn(daemon.token, daemon.whole_log())


class HttpUrl(TestCase):
    def test_is_left_in_the_data_folder_for_the_command_line(self):
        with Musterd() as daemon:
            self.assertEqual((daemon.data / "http.url").read_text(), f"http://{daemon.http}\n")

    def test_of_a_wildcard_listener_is_one_that_can_be_connected_to(self):
        for host, reachable in (("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]")):
            with self.subTest(host), Musterd(http=f"{host}:0") as daemon:
                daemon.url = (daemon.data / "http.url").read_text().strip()
                self.assertTrue(daemon.url.startswith(f"http://{reachable}:"), daemon.url)
                self.assertEqual(daemon.get("/healthz").status, 200)


if __name__ == "__main__":
    main()
