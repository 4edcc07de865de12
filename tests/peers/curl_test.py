"""curl asks and deletes as an operator's script does."""

import json
from unittest import TestCase

from musterd import Musterd, main
from peers import curl, listed, listed_as_json, listed_as_xml, run
from phone import Phone

BARE = ("curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "10")


class Curl(TestCase):
    def setUp(self):
        self.daemon = self.enterContext(Musterd())
        with Phone(self.daemon) as phone:
            for user in "alice", "bob":
                instance = f'<sip:{user}@192.0.2.7>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-0004f20000{user[:1]*2}>"'
                self.assertEqual(phone.register(f"{user}@example.com", instance).code, 200)

    def test_logs_in_by_basic_and_bearer(self):
        for option in (("--user", f"superadmin:{self.daemon.token}"), ("--oauth2-bearer", self.daemon.token)):
            body = run(*BARE, "--fail", *option, f"{self.daemon.url}/sipxconfig/api/registrations/user/alice")
            self.assertEqual(json.loads(body)["registrations"][0]["identity"], "alice@example.com")

    def test_is_refused_without_the_token(self):
        status = run(*BARE, "--output", "/dev/null", "--write-out", "%{http_code}", f"{self.daemon.url}/registrations")
        self.assertEqual(status, "401")

    def test_reads_json_and_xml_by_accept_and_by_extension(self):
        self.assertEqual(len(listed(self.daemon, "/registrations/ip/192.0.2.7")), 2)
        by_accept = listed_as_xml(self.daemon, "/registrations")
        self.assertEqual({item["identity"] for item in by_accept}, {"alice@example.com", "bob@example.com"})
        self.assertIn("<Registrations>", curl(self.daemon, "/registrations.xml"))
        self.assertEqual(len(listed_as_json(self.daemon, "/registrations.json")), 2)

    def test_finds_a_mac_in_any_notation(self):
        for mac in "0004f20000aa", "00:04:F2:00:00:AA", "00-04-f2-00-00-aa":
            [item] = listed(self.daemon, f"/registrations/serialNo/{mac}")
            self.assertEqual(item["identity"], "alice@example.com")

    def test_deletes(self):
        self.assertEqual(curl(self.daemon, "/registrations/user/alice", "--request", "DELETE"), "")
        self.assertEqual([item["identity"] for item in listed(self.daemon, "/registrations")], ["bob@example.com"])

    def test_cannot_delete_the_whole_list(self):
        answer = run(*BARE, "--include", "--user", f"x:{self.daemon.token}", "--request", "DELETE",
                     f"{self.daemon.url}/registrations")
        self.assertRegex(answer, r"\AHTTP/1\.1 405 [\s\S]*\r?\nAllow: [^\n]*GET")
        self.assertEqual(len(listed(self.daemon, "/registrations")), 2)


if __name__ == "__main__":
    main()
