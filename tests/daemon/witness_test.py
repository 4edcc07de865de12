"""The witnesses must notice what they are there to notice."""

import time
from dataclasses import replace
from types import SimpleNamespace
from unittest import TestCase

from musterd import main
from witness import SLACK_SECONDS, Account, Contradiction, Promise, Seen, Witness


def promise(number, call_id="call", cseq=1, seconds=600):
    return Promise(f"<sip:alice@192.0.2.{number}>", None, "", call_id, cseq, time.time() + seconds)


def account(*numbers):
    return Account({f"sip:alice@192.0.2.{number}": promise(number) for number in numbers})


def seen(shown):
    """What a daemon that has kept `shown` shows."""
    promises = shown.promises.values()
    left = {each.contact: round(each.until - time.time()) for each in promises}
    return Seen([(each.contact, each.q, left[each.contact]) for each in promises],
                [{"contact": each.name_addr, "regCallId": each.call_id, "instrument": each.instrument,
                  "secondsToExpire": left[each.contact], "expires": round(each.until)} for each in promises])


class Differences(TestCase):
    def changed(self, **changes):
        changed = account(1, 2)
        changed.promises["sip:alice@192.0.2.2"] = replace(changed.promises["sip:alice@192.0.2.2"], **changes)
        return changed

    def test_are_none_when_all_is_kept(self):
        for kept in account(), account(1), account(1, 2), account(2, 1):
            self.assertIsNone(seen(kept).difference(kept))

    def test_are_what_is_missing_too_much_or_in_another_order(self):
        for shown in account(), account(1), account(2, 1), account(1, 2, 3):
            self.assertIsNotNone(seen(shown).difference(account(1, 2)))

    def test_are_other_values(self):
        for changes in ({"q": "0.5"}, {"call_id": "other"}, {"instrument": "0004f2000001"},
                        {"contact": "<sip:alice@192.0.2.2>;x"}, {"until": time.time() + 600 + 2 * SLACK_SECONDS},
                        {"until": time.time() + 600 - 2 * SLACK_SECONDS}):
            self.assertIsNotNone(seen(self.changed(**changes)).difference(account(1, 2)), changes)

    def test_are_those_of_one_view_alone_too(self):
        both, one = seen(account(1, 2)), seen(account(1))
        for mixed in Seen(both.by_sip, one.by_http), Seen(one.by_sip, both.by_http):
            self.assertIsNotNone(mixed.difference(account(1, 2)))


class Shown:
    """A daemon and a phone in one, for a witness that asks after a restart."""

    def __init__(self, shown, code_of_replays=500):
        self.shown = seen(shown)
        self.code_of_replays = code_of_replays

    def registrations(self, _path):
        return self.shown.by_http

    def message(self, _aor, contact=None, **_keywords):
        return contact

    def ask(self, contact):
        if contact is None:
            return SimpleNamespace(code=200, contacts=lambda: self.shown.by_sip)
        return SimpleNamespace(code=self.code_of_replays)


class Judgements(TestCase):
    def judge(self, shown, promised, undecided=None, code_of_replays=500):
        witness = Witness("w", seed=1, accounts=1)
        [aor] = witness.accounts
        witness.accounts[aor] = promised
        witness._undecided = undecided and (aor, undecided)
        daemon = Shown(shown, code_of_replays)
        witness.check_all(daemon, daemon)
        return witness.accounts[aor]

    def test_accept_what_was_promised(self):
        self.assertEqual(list(self.judge(account(1, 2), account(1, 2)).promises), list(account(1, 2).promises))

    def test_accept_either_state_of_an_undecided_change_and_go_on_with_it(self):
        for shown in account(1), account(1, 2):
            self.assertEqual(list(self.judge(shown, account(1), undecided=account(1, 2)).promises), list(shown.promises))

    def test_accept_no_third_state(self):
        for shown in account(), account(2), account(1, 3):
            with self.assertRaises(Contradiction):
                self.judge(shown, account(1), undecided=account(1, 2))

    def test_refuse_a_daemon_that_has_forgotten_cseqs(self):
        with self.assertRaises(Contradiction):
            self.judge(account(1), account(1), code_of_replays=200)

    def test_refuse_a_daemon_that_has_forgotten_removals_over_http(self):
        buried = account(1)
        buried.bury()
        self.assertEqual((buried.promises, buried.tombstones), ({}, {"call": ("<sip:alice@192.0.2.1>", 1)}))
        self.judge(account(), buried)
        with self.assertRaises(Contradiction):
            self.judge(account(), buried, code_of_replays=200)


class Accounts(TestCase):
    def test_keep_the_order_of_registration(self):
        kept = account(1, 2, 3)
        kept.register({"sip:alice@192.0.2.4": promise(4), "sip:alice@192.0.2.2": promise(2, cseq=2),
                       "sip:alice@192.0.2.1": None})
        self.assertEqual([uri[-1] for uri in kept.promises], ["2", "3", "4"])
        self.assertEqual([each.cseq for each in kept.promises.values()], [2, 1, 1])


if __name__ == "__main__":
    main()
