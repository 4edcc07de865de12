"""A phone of a few lines: REGISTERs over raw sockets, so that a test says every byte that it sends."""

import itertools
import re
import secrets
import socket

ANSWER_SECONDS = 10
RESEND_SECONDS = 0.5  # RFC 3261's T1


# As muster writes it: one a line, q and expires behind all other parameters.
CONTACT = re.compile(r"(?P<contact>.*?)(?:;q=(?P<q>[0-9.]+))?;expires=(?P<seconds>\d+)")


def branch_of(text):
    """The branch of the first Via in `text`."""
    match = re.search(r";branch=([^;,\s]+)", text)
    return match and match[1]


class SipAnswer:
    """A parsed answer; `fields` are (lower-case name, value) in order."""

    def __init__(self, octets):
        head, _, self.body = octets.decode(errors="backslashreplace").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        self.version, code, self.reason = start.split(" ", 2)
        self.code = int(code)
        self.fields = [(name.strip().lower(), value.strip())
                       for name, _, value in (line.partition(":") for line in lines)]

    def all(self, name):
        return [value for field, value in self.fields if field == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def contacts(self):
        """(Contact without q and expires, q or None, seconds granted) of each, in order."""
        listed = [CONTACT.fullmatch(value) for value in self.all("Contact")]
        return [(match["contact"], match["q"], int(match["seconds"])) for match in listed]

    def expires(self):
        """Seconds granted to each Contact."""
        return [int(seconds) for seconds in re.findall(r"expires=(\d+)", ",".join(self.all("Contact")))]


class Phone:
    """One socket, one Call-ID, a CSeq that rises."""

    def __init__(self, daemon, transport="udp", host="127.0.0.1"):
        self.transport = transport
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, kind)
        self.socket.settimeout(ANSWER_SECONDS)
        self.socket.connect(daemon.address(transport, host))
        self.host, self.port = self.socket.getsockname()[:2]
        self.call_id = secrets.token_hex(8)
        self._cseq = itertools.count(1)
        self.unread = b""  # of a stream, what is not a whole answer yet

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @property
    def sent_by(self):
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def message(self, aor="alice@example.com", contact=None, *fields, method="REGISTER", call_id=None, cseq=None):
        """The bytes of a request; `fields` are whole lines. Another Call-ID or CSeq than this phone's own may be said."""
        lines = [f"{method} sip:{aor.rpartition('@')[2]} SIP/2.0",
                 f"Via: SIP/2.0/{self.transport.upper()} {self.sent_by};branch=z9hG4bK{secrets.token_hex(8)};rport",
                 "Max-Forwards: 70",
                 f"From: <sip:{aor}>;tag={secrets.token_hex(4)}",
                 f"To: <sip:{aor}>",
                 f"Call-ID: {call_id or self.call_id}",
                 f"CSeq: {next(self._cseq) if cseq is None else cseq} {method}",
                 *([f"Contact: {contact}"] if contact else []),
                 *fields,
                 "Content-Length: 0"]
        return "\r\n".join([*lines, "", ""]).encode()

    def send(self, octets):
        self.socket.sendall(octets)

    def receive(self):
        if self.transport == "udp":
            return SipAnswer(self.socket.recv(65535))
        while b"\r\n\r\n" not in self.unread:
            octets = self.socket.recv(65535)
            if not octets:
                raise ConnectionError("musterd closed the connection")
            self.unread += octets
        # No answer of a registrar has a body.
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        return SipAnswer(head + b"\r\n\r\n")

    def ask(self, octets):
        self.send(octets)
        return self.receive()

    def receive_answer_to(self, octets):
        """Skips answers to others, such as second ones to what was sent again."""
        branch = branch_of(octets.decode())
        while branch_of((answer := self.receive()).get("Via")) != branch:
            pass
        return answer

    def ask_until(self, octets, ended):
        """The answer, or None if there is none by the time that the event `ended` says that musterd is gone. Over UDP
        the request is sent again and again until then."""
        self.socket.settimeout(RESEND_SECONDS)
        asked = False
        while not ended.is_set():
            try:
                if not asked or self.transport == "udp":
                    self.send(octets)
                    asked = True
                return self.receive_answer_to(octets)
            except TimeoutError:
                pass
            except ConnectionError:
                if not ended.wait(ANSWER_SECONDS):
                    raise
        return self._answer_left_behind(octets) if asked else None

    def _answer_left_behind(self, octets):
        """What musterd sent in its last moment is in the socket already; errors may stand before it."""
        self.socket.settimeout(0)
        for _ in range(8):
            try:
                return self.receive_answer_to(octets)
            except (BlockingIOError, TimeoutError):
                return None
            except ConnectionError:
                if self.transport != "udp":
                    return None
        return None

    def register(self, aor="alice@example.com", contact="<sip:alice@192.0.2.1:5060>", expires=None):
        fields = [] if expires is None else [f"Expires: {expires}"]
        return self.ask(self.message(aor, contact, *fields))

    def fetch(self, aor="alice@example.com"):
        return self.ask(self.message(aor))
