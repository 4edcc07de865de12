"""sipp plays the scenarios of sipp/ over UDP and TCP, IPv4 and IPv6."""

import tempfile
from pathlib import Path
from unittest import TestCase

from musterd import Musterd, main
from peers import LISTENERS, WAYS, in_uri, listed, run

SCENARIOS = Path(__file__).parent / "sipp"


class Sipp(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(Musterd(sip=LISTENERS))

    def play(self, scenario, transport, host, *options, code=0):
        """Its messages are what is read of a failure."""
        with tempfile.TemporaryDirectory(prefix="sipp-") as folder:
            messages = Path(folder) / "messages"
            try:
                run("sipp", f"{in_uri(host)}:{self.daemon.address(transport, host)[1]}", "-i", host,
                    "-t", transport[0] + "1", "-sf", SCENARIOS / f"{scenario}.xml", "-nostdin", "-timeout", "20s",
                    "-timeout_error", "-trace_msg", "-message_file", messages, *options, folder=folder, code=code)
            except AssertionError:
                print(messages.read_text()[-4000:] if messages.exists() else "sipp sent nothing", flush=True)
                raise

    def register(self, transport, host, expires, cseq, code=0):
        self.play("register", transport, host, "-m", 1, "-key", "user", "alice", "-key", "contact_port", 5099,
                  "-key", "expires", expires, "-cid_str", "one@sipp", "-base_cseq", cseq, code=code)

    def live(self, transport, host):
        self.register(transport, host, 600, 1)
        [item] = listed(self.daemon, "/registrations/user/alice")
        contact = f'"SIPp" <sip:alice@{in_uri(host)}:5099;transport={transport.upper()}>'
        self.assertEqual({name: item[name] for name in ("identity", "contact", "uri", "primary", "regCallId")},
                         {"identity": "alice@example.com", "contact": contact, "uri": "<sip:alice@example.com>",
                          "primary": host, "regCallId": "one@sipp"})
        self.assertIn(item["secondsToExpire"], range(590, 601))

        self.register(transport, host, 900, 2)
        self.play("fetch", transport, host, "-m", 1, "-key", "user", "alice")
        [refreshed] = listed(self.daemon, "/registrations/callId/one%40sipp")
        self.assertIn(refreshed["secondsToExpire"], range(890, 901))
        self.assertEqual(listed(self.daemon, f"/registrations/ip/{host}")[0]["contact"], contact)

        # The same CSeq once more, in another transaction, is answered 500 and changes nothing.
        self.register(transport, host, 0, 2, code=1)
        self.assertEqual(len(listed(self.daemon, "/registrations")), 1)

        self.register(transport, host, 0, 3)
        self.assertEqual(listed(self.daemon, "/registrations"), [])

    def test_registers_refreshes_fetches_and_unregisters(self):
        for transport, host in WAYS:
            with self.subTest(transport=transport, host=host):
                self.live(transport, host)

    def test_lives_many_lives_at_once(self):
        for number, (transport, host) in enumerate(WAYS, start=1):
            with self.subTest(transport=transport, host=host):
                self.play("life", transport, host, "-m", 200, "-r", 400, "-l", 50)
                self.assertEqual(listed(self.daemon, "/registrations"), [])
                self.assertEqual(self.daemon.metric('muster_register_requests_total{code="200"}'), number * 800)


if __name__ == "__main__":
    main()
