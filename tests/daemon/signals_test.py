"""How musterd ends, and what it does not end by."""

import signal
import socket
import threading
import time
from contextlib import suppress
from unittest import TestCase

from musterd import Musterd, main, split_host_port, wait_until
from phone import Phone

PROMPT_SECONDS = 5
ENDING = (signal.SIGTERM, signal.SIGINT)


class Load:
    """Phones that register without a pause until the daemon is gone."""

    def __init__(self, daemon):
        self.registered = 0
        self._daemon = daemon
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(transport, number))
                         for transport in ("udp", "tcp") for number in range(4)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _run(self, transport, number):
        with Phone(self._daemon, transport) as phone, suppress(OSError):
            phone.socket.settimeout(1)
            while not self._end.is_set():
                if phone.register(f"{transport}{number}@example.com").code == 200:
                    self.registered += 1


class Ending(TestCase):
    def stop_and_time(self, daemon, number):
        start = time.monotonic()
        self.assertEqual(daemon.stop(number), 0)
        self.assertLess(time.monotonic() - start, PROMPT_SECONDS)

    def test_by_sigterm_and_sigint_is_prompt_and_with_0(self):
        for number in ENDING:
            with self.subTest(number), Musterd() as daemon:
                self.stop_and_time(daemon, number)
                self.assertEqual(daemon.log(), "")

    def test_is_prompt_under_load(self):
        for number in ENDING:
            with self.subTest(number), Musterd() as daemon, Load(daemon) as load:
                wait_until(lambda: load.registered > 200, "200 registrations")
                self.stop_and_time(daemon, number)

    def test_is_prompt_with_connections_that_say_nothing(self):
        with Musterd() as daemon:
            for address in daemon.address("tcp"), split_host_port(daemon.http):
                for octets in b"", b"REGISTER sip:example.com SIP/2.0\r\nVia:", b"GET /regis":
                    connection = self.enterContext(socket.create_connection(address))
                    connection.sendall(octets)
            self.stop_and_time(daemon, signal.SIGTERM)

    def test_closes_its_listeners(self):
        with Musterd() as daemon:
            addresses = daemon.address("tcp"), split_host_port(daemon.http)
            self.stop_and_time(daemon, signal.SIGTERM)
            for address in addresses:
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection(address).close()

    def test_leaves_no_half_answer(self):
        with Musterd("--workers", "1") as daemon, Phone(daemon, "tcp") as phone:
            phone.register()
            burst = b"".join(phone.message(f"user{i}@example.com", "<sip:alice@192.0.2.1>") for i in range(100))
            phone.send(burst)
            self.stop_and_time(daemon, signal.SIGTERM)
            with suppress(ConnectionError):
                while True:
                    self.assertEqual(phone.receive().code, 200)
            self.assertEqual(phone.unread, b"")

    def test_comes_by_a_second_signal_no_other_way(self):
        with Musterd() as daemon, Load(daemon) as load:
            wait_until(lambda: load.registered > 0, "a registration")
            daemon.send_signal(signal.SIGTERM)
            self.stop_and_time(daemon, signal.SIGTERM)


class Reading(TestCase):
    def test_by_sighup_keeps_serving_and_keeps_the_bindings(self):
        with Musterd() as daemon, Load(daemon) as load:
            with Phone(daemon, "tcp") as phone:
                phone.register("kept@example.com")
                for count in range(1, 4):
                    daemon.send_signal(signal.SIGHUP)
                    wait_until(lambda c=count: daemon.log().count("SIGHUP: settings read again") == c, "SIGHUP logged")
                before = load.registered
                wait_until(lambda: load.registered > before, "further registrations")
                self.assertEqual(phone.fetch("kept@example.com").code, 200)
            self.assertEqual(len(daemon.registrations("/user/kept")), 1)

    def test_by_sighup_takes_the_log_level_over(self):
        with Musterd(config='log-level = "error"\n') as daemon, Phone(daemon) as phone:
            phone.register(expires=1)
            self.assertEqual(daemon.log(), "")
            daemon.config.write_text('log-level = "info"\n')
            daemon.send_signal(signal.SIGHUP)
            wait_until(lambda: "SIGHUP" in daemon.log(), "SIGHUP logged")
            phone.register(expires=1)
            self.assertIn("REGISTER refused", daemon.whole_log())

    def test_of_a_file_that_has_become_wrong_changes_nothing(self):
        with Musterd(config="max-expires = 4000\n") as daemon, Phone(daemon) as phone:
            daemon.config.write_text("max-expires = \"long\"\nlog-level = \"error\"\n")
            daemon.send_signal(signal.SIGHUP)
            wait_until(lambda: f"{daemon.config}:1: max-expires: 'long'" in daemon.log(), "the mistake named")
            self.assertIn(" error SIGHUP: ", daemon.log())
            self.assertEqual(phone.register(expires=9999).expires(), [4000])
            phone.register(expires=1)
            self.assertIn("REGISTER refused", daemon.whole_log())


class Survival(TestCase):
    def test_of_a_peer_that_goes_before_its_answers(self):
        with Musterd() as daemon:
            for _ in range(20):
                with Phone(daemon, "tcp") as phone:
                    phone.send(b"".join(phone.message(contact="<sip:alice@192.0.2.1>") for _ in range(50)))
                    phone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            with Phone(daemon, "tcp") as phone:
                self.assertEqual(phone.register("bob@example.com").code, 200)

    def test_of_a_phone_whose_udp_port_is_closed(self):
        with Musterd() as daemon:
            for _ in range(20):
                with Phone(daemon) as phone:
                    phone.send(phone.message(contact="<sip:alice@192.0.2.1>"))
            with Phone(daemon) as phone:
                self.assertEqual(phone.register("bob@example.com").code, 200)


if __name__ == "__main__":
    main()
