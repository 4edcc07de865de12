"""Malformed messages leave nothing behind: no binding, no memory, no end of the process."""

import socket
from unittest import TestCase

from musterd import Musterd, main, wait_until
from phone import Phone

MESSAGES = 100_000
WARM_UP = 20_000
BURST = 200  # fits the socket's buffer, so that the kernel drops none
MIB = 1 << 20
ALLOWED_MIB = 4  # what an allocator may keep at hand


class MalformedMessages(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(Musterd("--workers", "1", "--log-level", "warn"))
        self.phone = self.enterContext(Phone(self.daemon))
        self.sent = 0

    def messages(self):
        """Kinds of malformed REGISTERs; each one sent is of its own transaction."""
        whole = self.phone.message("alice@example.com", "<sip:alice@192.0.2.1>")
        return [b"\xff" * 300, b"REGISTER", whole[:150], whole.replace(b"CSeq: ", b"CSeq: x"),
                whole.replace(b"To: <sip:alice@", b"To: <sip:al\x00ice@@"), whole.replace(b"Call-ID", b"X-Call"),
                whole.replace(b"SIP/2.0\r\nVia", b"SIP/7.0\r\nVia"), whole.replace(b"Contact: <sip", b'Contact: "<sip'),
                whole.replace(b"Content-Length: 0", b"Content-Length: 9999"), b"To: x\r\n" * 500 + whole]

    def send(self, count):
        kinds = self.messages()
        self.phone.socket.setblocking(False)
        for number in range(count):
            message = kinds[number % len(kinds)].replace(b"branch=z9hG4bK", b"branch=z9hG4bK%d-" % (self.sent + number))
            self.phone.socket.send(message)
            if number % BURST == BURST - 1:
                wait_until(lambda n=number: self.malformed() >= self.sent + n + 1, "the burst is read")
                self.drain()
        self.sent += count

    def malformed(self):
        return self.daemon.metric("muster_sip_malformed_total")

    def drain(self):
        try:
            while True:
                self.phone.socket.recv(65535)
        except BlockingIOError:
            pass

    def resident(self):
        return self.daemon.metric("process_resident_memory_bytes") / MIB

    def test_cost_no_memory_and_change_no_listing(self):
        self.phone.register()
        self.phone.register("bob@example.com", "<sip:bob@192.0.2.2>")
        fixed = [item.items() - {("secondsToExpire", item["secondsToExpire"])} for item in self.daemon.registrations()]
        self.send(WARM_UP)
        before = self.resident()
        self.send(MESSAGES)
        grown = self.resident() - before
        print(f"{MESSAGES:,} malformed messages: resident memory grew by {grown:.2f} MiB", flush=True)
        self.assertEqual(self.malformed(), WARM_UP + MESSAGES)
        self.assertLess(grown, ALLOWED_MIB)
        after = [item.items() - {("secondsToExpire", item["secondsToExpire"])} for item in self.daemon.registrations()]
        self.assertEqual(after, fixed)
        with Phone(self.daemon) as other:
            self.assertEqual(other.register("carol@example.com").code, 200)

    def test_on_streams_cost_no_memory(self):
        def round_of(count):
            for number in range(count):
                with socket.create_connection(self.daemon.address("tcp")) as connection:
                    connection.settimeout(10)
                    connection.sendall(self.phone.message().replace(b"Content-Length: 0", b"Content-Length: %dx" % number))
                    while connection.recv(65535):
                        pass

        round_of(200)
        before = self.resident()
        round_of(2000)
        self.assertLess(self.resident() - before, ALLOWED_MIB)


if __name__ == "__main__":
    main()
