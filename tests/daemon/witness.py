"""Witnesses: clients that register and remove, remember what each 200 promised, and afterwards hold a daemon to it.

An AoR belongs to one witness, and a witness asks one thing at a time. So it knows what each answer must say, and when
the daemon goes away at most one of its changes is undecided: for that one both states are right, for all else only
what the last 200 said."""

import random
import re
import secrets
import threading
import time
import urllib.error
from dataclasses import dataclass, field, replace

from phone import Phone

CONTACTS = 6  # that an AoR's devices choose from
DEVICES = 3  # of an AoR, each with a Call-ID of its own
SLACK_SECONDS = 2
EXPIRES = range(600, 7200, 20)  # apart by more than the slack
NAME_ADDR = re.compile(r'(?:"[^"]*" )?<[^>]*>')
PARAMETERS = ("", ';methods="INVITE,BYE"', ";unknown;other=1", ';+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-{mac}>"',
              ';+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-{mac}>";reg-id=1')
PATHS = ((), ("Path: <sip:edge1.example.com;lr>", "Supported: path"),
         ("Path: <sip:edge1.example.com;lr;ob>, <sip:p%C3%A4th@edge2.example.com;lr>", "Supported: path"))


class Contradiction(AssertionError):
    """The daemon has not kept what a 200 promised, or has something that no 200 spoke of."""


@dataclass(frozen=True)
class Promise:
    """A binding as the last 200 about it said."""
    contact: str
    q: str | None
    instrument: str
    call_id: str
    cseq: int
    until: float  # time.time()

    @property
    def name_addr(self):
        return NAME_ADDR.match(self.contact)[0]


@dataclass
class Account:
    """An AoR: promises by URI in the order of registration; the CSeqs that removals over HTTP have left, by Call-ID,
    each with a contact that it had."""
    promises: dict = field(default_factory=dict)
    tombstones: dict = field(default_factory=dict)

    def copy(self):
        return Account(dict(self.promises), dict(self.tombstones))

    def register(self, wanted):
        """`wanted`: promises by URI, None for one that goes. As a registrar does it: what is there keeps its place."""
        for uri, promise in wanted.items():
            if promise and uri in self.promises:
                self.promises[uri] = promise
        for uri, promise in wanted.items():
            if promise is None:
                self.promises.pop(uri, None)
        for uri, promise in wanted.items():
            if promise and uri not in self.promises:
                self.promises[uri] = promise

    def bury(self):
        for promise in self.promises.values():
            _, cseq = self.tombstones.get(promise.call_id, (None, 0))
            if promise.cseq > cseq:
                self.tombstones[promise.call_id] = (promise.contact, promise.cseq)
        self.promises = {}


def listing(account):
    return [(promise.contact, promise.q) for promise in account.promises.values()]


def instrument_of(contact):
    match = re.search(r"urn:uuid:[0-9a-f-]{24}([0-9a-f]{12})", contact)
    return match[1] if match else ""


@dataclass
class Seen:
    """What a daemon shows of one AoR."""
    by_sip: list  # (contact, q, seconds left) in order
    by_http: list  # items of the registrations API

    def difference(self, account):
        """What of `account` is not so, or None."""
        now = time.time()
        promises = account.promises.values()
        if [(contact, q) for contact, q, _ in self.by_sip] != listing(account):
            return "contacts by SIP"
        shown = sorted((item["contact"], item["regCallId"], item["instrument"]) for item in self.by_http)
        if shown != sorted((promise.name_addr, promise.call_id, promise.instrument) for promise in promises):
            return "contacts, Call-IDs and instruments by HTTP"
        by_contact = {item["contact"]: item for item in self.by_http}
        for promise, (_, _, seconds) in zip(promises, self.by_sip, strict=True):
            item = by_contact[promise.name_addr]
            left = promise.until - now
            if max(abs(seconds - left), abs(item["secondsToExpire"] - left), abs(item["expires"] - promise.until)) > SLACK_SECONDS:
                return f"expiry of {promise.contact}"
        return None


class Witness:
    def __init__(self, name, seed, accounts=25, transport="udp", deletes=False):
        self.random = random.Random(f"{seed} {name}")
        self.transport = transport
        self.deletes = deletes  # removes by HTTP too
        self.accounts = {f"{name}{number}@example.com": Account() for number in range(accounts)}
        self.confirmed = {}  # how often, by kind of change
        self.failure = None
        self._undecided = None  # (AoR, the account if the change was made)
        self._cseq = {}  # of each Call-ID
        self._call_ids = {aor: [f"{secrets.token_hex(8)}@192.0.2.{device}" for device in range(DEVICES)] for aor in self.accounts}

    def run(self, daemon, ended):
        """Makes changes until the event `ended` says that the daemon is gone. Its end is not an error, a wrong answer is one."""
        try:
            with Phone(daemon, self.transport) as phone:
                while not ended.is_set():
                    self._change(daemon, phone, ended)
        except Exception as failure:  # noqa: BLE001 of a thread: the test reports it
            self.failure = failure

    def _change(self, daemon, phone, ended):
        aor = self.random.choice(list(self.accounts))
        after = self.accounts[aor].copy()
        kinds = {self._one: 8, self._several: 4, self._expire: 4, self._star: 1}
        if after.promises:
            kinds[self._replay] = 1
        if self.deletes:
            kinds[self._delete] = 1
        [kind] = self.random.choices(list(kinds), kinds.values())
        if kind == self._delete:
            self._undecided = (aor, after)
            right = self._delete(daemon, aor, after, ended)
        else:
            contact, fields, cseq, call_id = kind(aor, after)
            octets = phone.message(aor, contact, *fields, cseq=cseq, call_id=call_id)
            self._undecided = (aor, after)
            right = self._check(aor, after, phone.ask_until(octets, ended), 500 if kind == self._replay else 200)
        if right:
            # Remembered before anything else is sent.
            self.accounts[aor] = after
            self._undecided = None
            self.confirmed[kind.__name__] = self.confirmed.get(kind.__name__, 0) + 1

    def _check(self, aor, after, answer, code):
        if answer is None:
            return False
        if answer.code != code:
            raise Contradiction(f"{aor}: answered {answer.code} in place of {code}")
        if code == 200:
            said = [(contact, q) for contact, q, _ in answer.contacts()]
            if said != listing(after):
                raise Contradiction(f"{aor}: 200 lists {said} in place of {listing(after)}")
        return True

    def _next(self, aor):
        """A device's Call-ID and its next CSeq."""
        call_id = self.random.choice(self._call_ids[aor])
        self._cseq[call_id] = self._cseq.get(call_id, 0) + 1
        return call_id, self._cseq[call_id]

    def _wish(self, aor, number, call_id, cseq):
        """A Contact value, its URI, and what a 200 promises."""
        user = aor.partition("@")[0]
        uri = f"sip:{user}@192.0.2.{number}:{5060 + number};transport=udp"
        seconds = self.random.choice(EXPIRES)
        q = self.random.choice((None, "0.5", "1.0", "0.123"))
        display = self.random.choice(("", '"A. Name" '))
        contact = f"{display}<{uri}>" + self.random.choice(PARAMETERS).format(mac=f"0004f2{number:06x}")
        promise = Promise(contact, q, instrument_of(contact), call_id, cseq, time.time() + seconds)
        return contact + (f";q={q}" if q else "") + f";expires={seconds}", uri, promise

    def _one(self, aor, after):
        return self._register(aor, after, [self.random.randrange(CONTACTS)], removing=0)

    def _several(self, aor, after):
        numbers = self.random.sample(range(CONTACTS), self.random.randint(2, 4))
        return self._register(aor, after, numbers, removing=0.3)

    def _register(self, aor, after, numbers, removing):
        call_id, cseq = self._next(aor)
        values, wanted = [], {}
        for number in numbers:
            value, uri, promise = self._wish(aor, number, call_id, cseq)
            removed = self.random.random() < removing
            values.append(f"<{uri}>;expires=0" if removed else value)
            wanted[uri] = None if removed else promise
        after.register(wanted)
        return ", ".join(values), self.random.choice(PATHS), cseq, call_id

    def _expire(self, aor, after):
        call_id, cseq = self._next(aor)
        uri = self.random.choice([*after.promises] or ["sip:nobody@192.0.2.99"])
        after.register({uri: None})
        return f"<{uri}>", ("Expires: 0",), cseq, call_id

    def _star(self, aor, after):
        call_id, cseq = self._next(aor)
        after.promises = {}
        return "*", ("Expires: 0",), cseq, call_id

    def _replay(self, _aor, after):
        promise = self.random.choice([*after.promises.values()])
        return promise.contact, (), promise.cseq, promise.call_id

    def _delete(self, daemon, aor, after, ended):
        after.bury()
        try:
            answer = daemon.delete(f"/sipxconfig/api/registrations/user/{aor}")
        except (urllib.error.URLError, OSError) as failure:
            if not ended.wait(10):
                raise Contradiction(f"DELETE of {aor}: {failure!r}") from failure
            return False
        if answer.status == 503 and ended.wait(10):
            return False  # it was stopping, and took no more
        if answer.status != 200:
            raise Contradiction(f"DELETE of {aor}: answered {answer.status} {answer.text}")
        return True

    # What follows is asked of a daemon that was started again.

    def see(self, daemon, phone, aor):
        answer = phone.ask(phone.message(aor))
        if answer.code != 200:
            raise Contradiction(f"fetch of {aor}: {answer.code}")
        return Seen(answer.contacts(), daemon.registrations(f"/user/{aor}"))

    def check_all(self, daemon, phone):
        """Each AoR by SIP and by HTTP, and whether old CSeqs are refused."""
        for aor in self.accounts:
            self._check_account(daemon, phone, aor)
            self._check_replays(phone, aor)

    def _check_account(self, daemon, phone, aor):
        seen = self.see(daemon, phone, aor)
        candidates = [self.accounts[aor]]
        if self._undecided and self._undecided[0] == aor:
            candidates.append(self._undecided[1])
            self._undecided = None
        differences = [seen.difference(account) for account in candidates]
        if None not in differences:
            raise Contradiction(f"{aor}: {differences[-1]} differ\npromised: " +
                                "\n      or: ".join(map(str, candidates)) + f"\n    seen: {seen}")
        self.accounts[aor] = candidates[differences.index(None)]
        if len(candidates) > 1:
            self._settle(self.accounts[aor], seen)

    def _settle(self, account, seen):
        """Of an undecided refresh the exact time is the one that is seen."""
        now = time.time()
        for (uri, promise), (_, _, seconds) in zip(account.promises.items(), seen.by_sip, strict=True):
            account.promises[uri] = replace(promise, until=now + seconds)

    def _check_replays(self, phone, aor):
        account = self.accounts[aor]
        old = [(promise.contact, promise.call_id, promise.cseq) for promise in account.promises.values()]
        old += [(contact, call_id, cseq) for call_id, (contact, cseq) in account.tombstones.items()]
        for contact, call_id, cseq in old:
            answer = phone.ask(phone.message(aor, contact, call_id=call_id, cseq=cseq))
            if answer.code != 500:
                raise Contradiction(f"{aor}: a replay of CSeq {cseq} of {call_id} is answered {answer.code}: {account}")


class Load:
    """Witnesses at work, each in a thread, until the block has ended the daemon."""

    def __init__(self, daemon, witnesses):
        self._ended = threading.Event()
        self._witnesses = witnesses
        self._threads = [threading.Thread(target=witness.run, args=(daemon, self._ended)) for witness in witnesses]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, failed, *_):
        self._ended.set()
        for thread in self._threads:
            thread.join()
        for witness in self._witnesses:
            if failed is None and witness.failure:
                raise witness.failure
