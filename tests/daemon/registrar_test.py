"""What the registrar's settings do on the wire."""

import socket
from unittest import TestCase

from musterd import ANY_PORTS, Musterd, main
from phone import Phone

ASKED = 7000


class Domains(TestCase):
    def test_of_others_are_404_and_own_ones_ignore_case(self):
        with Musterd("--domain", "Example.com", "--domain", "example.net") as daemon:
            for transport in "udp", "tcp":
                with Phone(daemon, transport) as phone:
                    for aor, code in (("alice@example.com", 200), ("alice@EXAMPLE.com", 200), ("alice@example.net", 200),
                                      ("alice@example.org", 404), ("alice@sip.example.com", 404)):
                        self.assertEqual(phone.register(aor).code, code, aor)
            identities = {item["identity"] for item in daemon.registrations()}
            self.assertEqual(identities, {"alice@example.com", "alice@example.net"})

    def test_are_all_served_when_none_is_said(self):
        with Musterd() as daemon, Phone(daemon) as phone:
            self.assertEqual(phone.register("alice@any.where.example").code, 200)

    def test_of_the_request_do_not_open_that_of_the_aor(self):
        with Musterd("--domain", "example.com") as daemon, Phone(daemon) as phone:
            octets = phone.message("alice@other.example", "<sip:alice@192.0.2.1>")
            own = octets.replace(b"REGISTER sip:other.example", b"REGISTER sip:example.com")
            self.assertNotEqual(own, octets)
            self.assertEqual(phone.ask(own).code, 404)
            self.assertEqual(daemon.registrations(), [])


class Expires(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(
            Musterd("--min-expires", "120", "--max-expires", "1800", "--default-expires", "600"))
        self.phone = self.enterContext(Phone(self.daemon))

    def listed(self):
        return self.daemon.registrations()[0]["secondsToExpire"]

    def test_below_the_minimum_is_423_with_min_expires(self):
        for seconds in 1, 119:
            answer = self.phone.register(expires=seconds)
            self.assertEqual((answer.code, answer.get("Min-Expires")), (423, "120"))
        self.assertEqual(self.daemon.registrations(), [])

    def test_at_the_minimum_is_granted(self):
        self.assertEqual(self.phone.register(expires=120).expires(), [120])
        self.assertIn(self.listed(), (119, 120))

    def test_above_the_maximum_is_shortened(self):
        self.assertEqual(self.phone.register(expires=1801).expires(), [1800])
        self.assertIn(self.listed(), (1799, 1800))

    def test_unsaid_is_the_default(self):
        self.assertEqual(self.phone.register().expires(), [600])
        self.assertIn(self.listed(), (599, 600))

    def test_of_the_contact_beats_that_of_the_header(self):
        contacts = "<sip:a@192.0.2.1>;expires=200, <sip:b@192.0.2.1>"
        answer = self.phone.ask(self.phone.message("alice@example.com", contacts, "Expires: 300"))
        self.assertEqual(sorted(answer.expires()), [200, 300])

    def test_are_by_default_60_and_7200_and_3600(self):
        with Musterd() as daemon, Phone(daemon) as phone:
            self.assertEqual(phone.register(expires=59).get("Min-Expires"), "60")
            self.assertEqual(phone.register(expires=100_000).expires(), [7200])
            self.assertEqual(phone.register().expires(), [3600])


class Jitter(TestCase):
    def granted(self, daemon, asked, users=200):
        with Phone(daemon) as phone:
            return [phone.register(f"user{i}@example.com", expires=asked).expires()[0] for i in range(users)]

    def test_shortens_by_no_more_than_its_percentage(self):
        with Musterd("--expires-jitter", "20") as daemon:
            granted = self.granted(daemon, ASKED)
        self.assertGreaterEqual(min(granted), ASKED * 80 // 100)
        self.assertLessEqual(max(granted), ASKED)
        self.assertGreater(len(set(granted)), 100, "hardly random")
        self.assertLess(min(granted), ASKED * 85 // 100)
        self.assertGreater(max(granted), ASKED * 95 // 100)

    def test_leaves_what_is_at_most_twice_the_minimum(self):
        with Musterd("--expires-jitter", "50", "--min-expires", "300") as daemon:
            self.assertEqual(set(self.granted(daemon, 600)), {600})

    def test_never_goes_below_the_minimum(self):
        with Musterd("--expires-jitter", "100", "--min-expires", "300") as daemon:
            granted = self.granted(daemon, 700)
        self.assertGreaterEqual(min(granted), 300)
        self.assertLess(min(granted), 700)

    def test_is_told_in_the_answer_and_the_listing_alike(self):
        with Musterd("--expires-jitter", "50") as daemon, Phone(daemon) as phone:
            for user in range(10):
                granted = phone.register(f"user{user}@example.com", expires=ASKED).expires()[0]
                listed = daemon.registrations(f"/user/user{user}")[0]["secondsToExpire"]
                self.assertIn(listed, (granted - 1, granted))


class MaxContacts(TestCase):
    def check(self, limit, *arguments):
        with Musterd(*arguments) as daemon, Phone(daemon) as phone:
            contacts = [f"<sip:alice@192.0.2.{i}>" for i in range(limit + 1)]
            for contact in contacts[:limit]:
                self.assertEqual(phone.register(contact=contact).code, 200)
            self.assertEqual(phone.register(contact=contacts[limit]).code, 403)
            self.assertEqual(sorted(item["contact"] for item in daemon.registrations()), sorted(contacts[:limit]))
            # One that is there may still be refreshed, and makes room as it goes.
            self.assertEqual(len(phone.register(contact=contacts[0]).expires()), limit)
            self.assertEqual(phone.register(contact=contacts[0], expires=0).code, 200)
            self.assertEqual(phone.register(contact=contacts[limit]).code, 200)

    def test_is_10_unless_said(self):
        self.check(10)

    def test_is_what_is_said(self):
        self.check(2, "--max-contacts", "2")


class Node(TestCase):
    def primary_and_paths(self, daemon, keys):
        [item] = daemon.registrations()
        return item["primary"], [key for key in keys if daemon.registrations(f"/server/{key}")]

    def test_is_found_by_number_name_and_advertised_address(self):
        with Musterd("--node-id", "7", "--node-name", "Sip.Example.com", "--advertise", "192.0.2.70:5060") as daemon:
            with Phone(daemon) as phone:
                phone.register()
            keys = ["7", "sip.example.com", "192.0.2.70"]
            self.assertEqual(self.primary_and_paths(daemon, keys), ("192.0.2.70", keys))
            for unknown in "1", "8", "127.0.0.1", "example.com", "192.0.2.7":
                answer = daemon.get(f"/registrations/server/{unknown}")
                self.assertEqual((answer.status, answer.text.strip()), (404, "Server not found"), unknown)

    def test_advertises_ipv6_without_brackets(self):
        with Musterd("--advertise", "[2001:db8::7]:5060") as daemon, Phone(daemon) as phone:
            phone.register()
            keys = ["1", "2001:db8::7", "2001:DB8:0::7"]
            self.assertEqual(self.primary_and_paths(daemon, keys), ("2001:db8::7", keys))

    def test_shows_the_local_address_of_each_register_unless_told(self):
        listeners = [*ANY_PORTS, "udp:[::1]:0", "tcp:[::1]:0", "udp:127.0.0.2:0"]
        with Musterd(sip=listeners) as daemon:
            for transport, host in (("udp", "127.0.0.1"), ("tcp", "127.0.0.1"), ("udp", "::1"), ("tcp", "::1"), ("udp", "127.0.0.2")):
                with self.subTest(transport=transport, host=host), Phone(daemon, transport, host) as phone:
                    phone.register()
                    self.assertEqual(self.primary_and_paths(daemon, ["1", host]), (host, ["1", host]))
                    self.assertEqual(daemon.delete(f"/registrations/server/{host}").status, 200)

    def test_is_known_before_the_first_register(self):
        with Musterd() as daemon:
            for key in "1", "127.0.0.1":
                self.assertEqual(daemon.registrations(f"/server/{key}"), [], key)

    def test_has_the_hosts_name_unless_told(self):
        with Musterd() as daemon:
            self.assertEqual(daemon.registrations(f"/server/{socket.gethostname()}"), [])


class Workers(TestCase):
    def test_of_several_serve_one_table_over_udp(self):
        with Musterd("--workers", "2") as daemon:
            phones = [self.enterContext(Phone(daemon)) for _ in range(32)]
            for number, phone in enumerate(phones):
                self.assertEqual(phone.register(f"user{number}@example.com").code, 200)
            # Another socket, perhaps another worker, sees what the first one did.
            for number, phone in enumerate(reversed(phones)):
                self.assertEqual(phone.fetch(f"user{number}@example.com").expires(), [3600])
            self.assertEqual(daemon.metric("muster_bindings"), 32)

    def test_of_several_serve_tcp(self):
        with Musterd("--workers", "2") as daemon:
            phones = [self.enterContext(Phone(daemon, "tcp")) for _ in range(8)]
            for number, phone in enumerate(phones):
                self.assertEqual(phone.register(f"user{number}@example.com").code, 200)
            self.assertEqual(daemon.metric('muster_register_requests_total{code="200"}'), 8)


if __name__ == "__main__":
    main()
