"""sipsak registers, refreshes, fetches and unregisters. It knows no IPv6."""

from unittest import TestCase

from musterd import Musterd, main
from peers import listed, run

HOST = "127.0.0.1"
CONTACT = "sip:alice@192.0.2.1:5070"


class Sipsak(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(Musterd())

    def register(self, transport, contact, *options, code=0):
        """sipsak's output, with the answer in it; it makes its Call-ID anew each time."""
        return run("sipsak", "-U", "-i", "-vvv", "-E", transport, "-H", HOST, "-r", self.daemon.address(transport)[1],
                   "-s", f"sip:alice@{HOST}", "-C", contact, *options, code=code)

    def live(self, transport):
        self.register(transport, CONTACT, "-x", 600)
        [item] = listed(self.daemon, "/registrations/user/alice")
        self.assertEqual({name: item[name] for name in ("identity", "contact", "uri", "primary", "status", "instrument")},
                         {"identity": f"alice@{HOST}", "contact": f"<{CONTACT}>", "uri": f"<sip:alice@{HOST}>",
                          "primary": HOST, "status": "active", "instrument": ""})
        self.assertIn(item["secondsToExpire"], range(590, 601))
        self.assertEqual(listed(self.daemon, "/registrations/ip/192.0.2.1")[0]["regCallId"], item["regCallId"])

        self.register(transport, CONTACT, "-x", 900)
        [refreshed] = listed(self.daemon, f"/registrations/user/alice@{HOST}")
        self.assertIn(refreshed["secondsToExpire"], range(890, 901))
        self.assertNotEqual(refreshed["regCallId"], item["regCallId"])

        self.register(transport, "sip:alice@192.0.2.2", "-x", 300)
        fetched = self.register(transport, "empty")
        self.assertRegex(fetched, rf"Contact: <{CONTACT}>;expires=(900|89\d)")
        self.assertRegex(fetched, r"Contact: <sip:alice@192\.0\.2\.2>;expires=(300|29\d)")
        self.assertEqual(len(listed(self.daemon, "/registrations")), 2)

        self.register(transport, CONTACT, "-x", 0)
        self.assertEqual([left["contact"] for left in listed(self.daemon, "/registrations")], ["<sip:alice@192.0.2.2>"])
        self.register(transport, "*", "-x", 0)
        self.assertEqual(listed(self.daemon, "/registrations"), [])

    def test_lives_a_life_over_udp(self):
        self.live("udp")

    def test_lives_a_life_over_tcp(self):
        self.live("tcp")

    def test_is_told_of_an_interval_too_brief(self):
        for transport in "udp", "tcp":
            output = self.register(transport, CONTACT, "-x", 5, code=1)
            self.assertIn("423 Interval Too Brief", output)
            self.assertIn("Min-Expires: 60", output)
        self.assertEqual(listed(self.daemon, "/registrations"), [])

    def test_gets_options_answered(self):
        for transport in "udp", "tcp":
            output = run("sipsak", "-vv", "-E", transport, "-H", HOST, "-r", self.daemon.address(transport)[1],
                         "-s", f"sip:ping@{HOST}")
            self.assertIn("SIP/2.0 200 OK", output)
            self.assertRegex(output, r"Allow: .*REGISTER")


if __name__ == "__main__":
    main()
