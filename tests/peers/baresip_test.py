"""baresip registers, refreshes by itself in the time that it was granted, and unregisters as it ends."""

import re
from contextlib import ExitStack
from unittest import TestCase

from musterd import Musterd, main, wait_until
from peers import LISTENERS, WAYS, Baresip, in_uri, listed, listed_as_json

GRANTED_SECONDS = 4


class BaresipLife(TestCase):
    def test_is_seen_over_each_transport(self):
        seconds = str(GRANTED_SECONDS)
        with ExitStack() as stack:
            daemon = stack.enter_context(Musterd("--min-expires", "1", "--max-expires", seconds, "--default-expires",
                                                 seconds, sip=LISTENERS))
            phones = []
            for number, (transport, host) in enumerate(WAYS):
                user, mac = f"desk{number}", f"0004f200000{number}"
                phone = stack.enter_context(Baresip(daemon, transport, host, user, mac))
                phones.append((phone, transport, host, user, mac))

            first = {}
            for _, transport, host, user, mac in phones:
                [item] = wait_until(lambda m=mac: listed_as_json(daemon, f"/registrations/serialNo/{m}"), f"{user} registers")
                suffix = ";transport=tcp" if transport == "tcp" else ""
                self.assertRegex(item["contact"], rf"^<sip:{user}-[^@]+@{re.escape(in_uri(host))}:\d+{suffix}>$")
                self.assertEqual((item["identity"], item["instrument"], item["primary"]), (f"{user}@example.com", mac, host))
                self.assertIn(item["secondsToExpire"], range(1, GRANTED_SECONDS + 1))
                first[user] = item

            for _, _, _, user, _ in phones:
                def refreshed(u=user):
                    return [item for item in listed_as_json(daemon, f"/registrations/user/{u}")
                            if item["expires"] > first[u]["expires"]]
                [item] = wait_until(refreshed, f"{user} refreshes")
                self.assertEqual([item[name] for name in ("contact", "regCallId")],
                                 [first[user][name] for name in ("contact", "regCallId")])

            for phone, _, _, user, _ in phones:
                self.assertEqual(phone.quit(), 0)
                self.assertEqual(listed(daemon, f"/registrations/user/{user}"), [])
                self.assertRegex(phone.output(), r"expires=0;[^$]*SIP/2\.0 200 OK")
            self.assertEqual(daemon.metric("muster_bindings"), 0)
            self.assertNotIn("refused", daemon.log())


if __name__ == "__main__":
    main()
