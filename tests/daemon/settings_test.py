"""Each setting as a flag, as an environment variable and as a key of the file: what it does, which of
them wins, and what is said of a wrong one."""

import re
import tempfile
from pathlib import Path
from unittest import TestCase

from musterd import Musterd, main, run_to_end
from phone import Phone

FLAGS = {"--config", "--sip", "--http", "--http-auth", "--data", "--durability", "--domain", "--node-id", "--node-name",
         "--advertise", "--min-expires", "--max-expires", "--default-expires", "--expires-jitter", "--max-contacts",
         "--workers", "--log-level", "--log-format", "--help", "--version"}
NOT_BUILT = ("--https", "--tls-cert", "--tls-key", "--tls-ca", "--auth", "--digest-algorithms", "--directory",
             "--resolver", "--legacy-api-key", "--sipxcom-dates", "--callback-allow-private", "--limits")


def variable(setting):
    return "MUSTER_" + setting.upper().replace("-", "_")


def toml(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def as_file(values):
    return "".join(f"{name} = {toml(value)}\n" for name, value in values.items())


def as_environment(values):
    return {variable(name): ",".join(value) if isinstance(value, list) else str(value)
            for name, value in values.items()}


def as_flags(values):
    return [text for name, value in values.items()
            for one in (value if isinstance(value, list) else [value])
            for text in (f"--{name}", str(one))]


def udp_sockets(port):
    """How many sockets of this machine are bound to a UDP port of 127.0.0.1."""
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    return sum(line.split()[1] == f"0100007F:{port:04X}" for line in lines)


def observed(daemon, names, domains):
    """What the settings are, seen from outside only."""
    with Phone(daemon) as phone:
        def code_of(domain):
            return phone.register(f"alice@{domain}").code

        seen = {"sip": [re.sub(r"\d+$", "0", listener) for listener in daemon.sip],
                "http": re.sub(r"\d+$", "0", daemon.http),
                "data": (daemon.data / "admin.token").is_file(),
                "domain": [domain for domain in domains if code_of(domain) == 200],
                "min-expires": int(phone.register("min@example.com", expires=61).get("Min-Expires")),
                "max-expires": phone.register("max@example.com", expires=1_000_000).expires()[0],
                "default-expires": phone.register("default@example.com").expires()[0],
                "workers": udp_sockets(daemon.address("udp")[1])}
        for name, candidates in names.items():
            seen[name] = [value for value in candidates if daemon.get(f"/registrations/server/{value}").status == 200]
        added = 0
        while phone.register("many@example.com", f"<sip:many@192.0.2.{added}>").code == 200:
            added += 1
        seen["max-contacts"] = added
    return seen


class Precedence(TestCase):
    """Three sources that disagree about each setting."""

    FILE = {"sip": ["udp:127.0.0.1:0"], "http": "127.0.0.1:0", "domain": ["example.com", "file.example"],
            "node-id": 11, "node-name": "file.node.example", "advertise": "192.0.2.11",
            "min-expires": 71, "max-expires": 7001, "default-expires": 3001, "max-contacts": 1, "workers": 1}
    ENVIRONMENT = {"sip": ["tcp:127.0.0.1:0", "udp:127.0.0.1:0"], "http": "[::1]:0",
                   "domain": ["example.com", "environment.example"], "node-id": 12,
                   "node-name": "environment.node.example", "advertise": "192.0.2.12:5070", "min-expires": 72,
                   "max-expires": 7002, "default-expires": 3002, "max-contacts": 2, "workers": 2}
    FLAGS = {"sip": ["udp:127.0.0.1:0", "udp:[::1]:0", "tcp:127.0.0.1:0"], "http": "127.0.0.2:0",
             "domain": ["example.com", "flag.example"], "node-id": 13, "node-name": "flag.node.example",
             "advertise": "[2001:db8::13]", "min-expires": 73, "max-expires": 7003, "default-expires": 3003,
             "max-contacts": 3, "workers": 3}
    SOURCES = (FILE, ENVIRONMENT, FLAGS)

    def check(self, daemon, settings):
        domains = ["example.com", "file.example", "environment.example", "flag.example"]
        names = {name: [source[name] for source in self.SOURCES] for name in ("node-id", "node-name")}
        names["advertise"] = ["192.0.2.11", "192.0.2.12", "2001:db8::13"]
        seen = observed(daemon, names, domains)
        for name, value in settings.items():
            wanted = value
            if name in ("node-id", "node-name"):
                wanted = [value]
            elif name == "advertise":
                wanted = [names[name][self.SOURCES.index(settings)]]
            self.assertEqual(seen[name], wanted, name)

    def test_the_file_counts_alone(self):
        with Musterd(sip=None, http=None, config=as_file(self.FILE)) as daemon:
            self.check(daemon, self.FILE)

    def test_the_environment_beats_the_file(self):
        with Musterd(sip=None, http=None, config=as_file(self.FILE), env=as_environment(self.ENVIRONMENT)) as daemon:
            self.check(daemon, self.ENVIRONMENT)

    def test_flags_beat_both(self):
        with Musterd(*as_flags(self.FLAGS), sip=None, http=None, config=as_file(self.FILE),
                     env=as_environment(self.ENVIRONMENT)) as daemon:
            self.check(daemon, self.FLAGS)

    def test_each_setting_is_looked_for_by_itself(self):
        """One from each source, all in force."""
        with Musterd("--max-expires", "7003", config="min-expires = 71\n",
                     env={"MUSTER_DEFAULT_EXPIRES": "3002"}) as daemon, Phone(daemon) as phone:
            self.assertEqual(phone.register(expires=70).get("Min-Expires"), "71")
            self.assertEqual(phone.register(expires=9999).expires(), [7003])
            self.assertEqual(phone.register().expires(), [3002])

    def test_holds_for_http_auth(self):
        off, on = "http-auth = false\n", {"MUSTER_HTTP_AUTH": "on"}
        for arguments, env, config, status in (((), {}, off, 200), ((), on, off, 401), (("--http-auth", "off"), on, off, 200)):
            with Musterd(*arguments, env=env, config=config) as daemon:
                self.assertEqual(daemon.get("/registrations", authorization=None).status, status, (arguments, env))

    def test_holds_for_the_log(self):
        """Of level and format, seen by a refusal (at info) and the answer to SIGHUP (at warn)."""
        config = 'log-level = "error"\nlog-format = "json"\n'
        env = {"MUSTER_LOG_LEVEL": "warn", "MUSTER_LOG_FORMAT": "text"}
        flags = ("--log-level", "info", "--log-format", "json")
        for arguments, env, wanted in (((), {}, []), ((), env, ["warning"]), (flags, env, ["info", "warning"])):
            with self.subTest(arguments=arguments, env=env):
                with Musterd("--http-auth", "off", *arguments, env=env, config=config) as daemon, Phone(daemon) as phone:
                    self.assertEqual(phone.register(expires=1).code, 423)
                    log = daemon.whole_log()
                form = r'"level":"(\w+)"' if arguments else r"(?m)^\S+Z (\w+) "
                self.assertEqual(sorted(set(re.findall(form, log))), wanted, log)

    def test_holds_for_the_expires_jitter(self):
        def is_exact(daemon):
            with Phone(daemon) as phone:
                return {phone.register(f"user{i}@example.com", expires=7000).expires()[0] for i in range(50)} == {7000}

        config, env = "expires-jitter = 50\n", {"MUSTER_EXPIRES_JITTER": "0"}
        with Musterd(config=config) as daemon:
            self.assertFalse(is_exact(daemon))
        with Musterd(config=config, env=env) as daemon:
            self.assertTrue(is_exact(daemon))
        with Musterd("--expires-jitter", "50", config=config, env=env) as daemon:
            self.assertFalse(is_exact(daemon))

    def test_holds_for_the_data_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: f"{folder}/{name}" for name in ("file", "environment", "flag")}
            config = Path(folder) / "musterd.toml"
            config.write_text(f'data = "{paths["file"]}"\nhttp = "192.0.2.1:0"\n')  # ends at its HTTP listener
            arguments, env = ["--config", str(config)], {"MUSTER_DATA": paths["environment"]}
            run_to_end(*arguments)
            self.assertEqual({path.name for path in Path(folder).iterdir()}, {config.name, "file"})
            run_to_end(*arguments, env=env)
            self.assertEqual({path.name for path in Path(folder).iterdir()}, {config.name, "file", "environment"})
            run_to_end(*arguments, "--data", paths["flag"], env=env)
            self.assertEqual({path.name for path in Path(folder).iterdir()}, {config.name, *paths})

    def test_holds_for_durability(self):
        def has_database(*arguments, **settings):
            with Musterd(*arguments, **settings) as daemon:
                return (daemon.data / "registrations.db").exists()

        self.assertTrue(has_database())
        self.assertFalse(has_database(config='durability = "memory"\n'))
        self.assertTrue(has_database(config='durability = "memory"\n', env={"MUSTER_DURABILITY": "process"}))
        self.assertFalse(has_database("--durability", "memory", env={"MUSTER_DURABILITY": "process"}))

    def test_the_config_flag_beats_its_variable(self):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "other.toml"
            config.write_text("max-expires = 4000\n")
            env = {"MUSTER_CONFIG": str(config)}
            with Musterd(env=env) as daemon, Phone(daemon) as phone:
                self.assertEqual(phone.register(expires=9999).expires(), [4000])
            with Musterd(env=env, config="") as daemon, Phone(daemon) as phone:
                self.assertEqual(phone.register(expires=9999).expires(), [7200])

    def test_of_a_flag_given_twice_the_last_counts(self):
        with Musterd("--max-expires", "4000", "--max-expires=5000") as daemon, Phone(daemon) as phone:
            self.assertEqual(phone.register(expires=9999).expires(), [5000])

    def test_one_value_of_a_repeatable_key_needs_no_array(self):
        with Musterd(config='domain = "example.com"\n') as daemon, Phone(daemon) as phone:
            self.assertEqual(phone.register().code, 200)
            self.assertEqual(phone.register("alice@other.example").code, 404)


class Help(TestCase):
    def test_lists_every_flag_and_no_other(self):
        ended = run_to_end("--help")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(set(re.findall(r"(?m)^\s+(?:-\w,)?(--[a-z-]+)", ended.stdout)), FLAGS)

    def test_states_the_defaults_of_the_contract(self):
        text = re.sub(r"\s+", " ", run_to_end("--help").stdout)
        for default in ("127.0.0.1:5060]", "[127.0.0.1:8080]", "[./muster-data]", "[60]", "[7200]", "[3600]", "[10]", "[info]"):
            self.assertIn(default, text)

    def test_version_is_one_line(self):
        ended = run_to_end("--version")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertRegex(ended.stdout, r"\Amusterd \d+\.\d+\.\d+\n\Z")


class Wrong(TestCase):
    """Exit 2 and one line on stderr that names what is wrong and what was expected."""

    VALUES = (("sip", "127.0.0.1:5060", "TRANSPORT:HOST:PORT"), ("sip", "tls:127.0.0.1:0", "udp or tcp"),
              ("sip", "ws:127.0.0.1:0", "udp or tcp"), ("sip", "UDP", "TRANSPORT:HOST:PORT"),
              ("sip", "udp:127.0.0.1:65536", "port of 0 to 65535"), ("sip", "udp:127.0.0.1:x", "port of 0 to 65535"),
              ("sip", "udp:127.0.0.1:", "port of 0 to 65535"), ("sip", "udp:127.0.0.1:-1", "port of 0 to 65535"),
              ("sip", "udp:::1:5060", "brackets"), ("sip", "udp:[::1:5060", "address"), ("sip", "udp::5060", "address"),
              ("http", "8080", "HOST:PORT"), ("http", "127.0.0.1", "HOST:PORT"), ("http", "127.0.0.1:x", "HOST:PORT"),
              ("http", "127.0.0.1:65536", "HOST:PORT"), ("http", "::1:8080", "HOST:PORT"), ("http", ":8080", "HOST:PORT"),
              ("http-auth", "maybe", "on, off"), ("durability", "disk", "memory, process, power"),
              ("domain", "two words", "domain"), ("domain", "alice@example.com", "domain"), ("domain", "sip:x", "domain"),
              ("node-id", "0", "1 to"), ("node-id", "one", "whole number"), ("node-id", "4294967296", "1 to 4294967295"),
              ("advertise", "a:b:c", "HOST or HOST:PORT"), ("advertise", "host:99999", "HOST or HOST:PORT"),
              ("min-expires", "0", "1 to"), ("min-expires", "-5", "whole number"), ("min-expires", "1.5", "whole number"),
              ("max-expires", "1h", "whole number"), ("max-expires", "4294967296", "1 to 4294967295"),
              ("default-expires", " 60", "whole number"), ("expires-jitter", "101", "0 to 100"),
              ("max-contacts", "0", "1 to 1000"), ("max-contacts", "1001", "1 to 1000"),
              ("workers", "0", "1 to 256"), ("workers", "257", "1 to 256"),
              ("log-level", "verbose", "error, warn, info, debug"), ("log-format", "xml", "text, json"))

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def check(self, arguments, named, expected, env=()):
        """Of `named` and `expected`, each must be in the line."""
        ended = run_to_end(*arguments, env=env, folder=self.folder)
        self.assertEqual((ended.returncode, ended.stdout), (2, ""), f"{arguments} {env}: {ended.stderr}")
        self.assertRegex(ended.stderr, r"\Amusterd: [^\n]+\n\Z", arguments)
        for text in (named, expected):
            self.assertIn(text, ended.stderr, f"{arguments} {env}")
        self.assertFalse((self.folder / "muster-data").exists(), "it started before it looked")

    def write(self, text):
        path = self.folder / "wrong.toml"
        path.write_text(text)
        return path

    def test_values_of_flags(self):
        for name, value, expected in self.VALUES:
            with self.subTest(name=name, value=value):
                self.check([f"--{name}={value}"], f"--{name}: '{value}'", expected)

    def test_values_of_variables(self):
        for name, value, expected in self.VALUES:
            with self.subTest(name=name, value=value):
                self.check([], f"{variable(name)}: '{value}'", expected, env={variable(name): value})

    def test_values_of_keys_with_their_line(self):
        for name, value, expected in self.VALUES:
            with self.subTest(name=name, value=value):
                path = self.write(f"# a comment\n{name} = {toml(value)}\n")
                self.check(["--config", str(path)], f"{path}:2: {name}: '{value}'", expected)

    def test_empty_values(self):
        for name in ("data", "node-name", "sip", "http", "domain", "advertise", "min-expires", "log-level", "http-auth"):
            with self.subTest(name):
                self.check([], variable(name), "expected", env={variable(name): ""})

    def test_one_bad_value_of_several(self):
        self.check(["--sip", "udp:127.0.0.1:0", "--sip", "sctp:127.0.0.1:0"], "--sip: 'sctp:127.0.0.1:0'", "udp or tcp")
        self.check([], "MUSTER_DOMAIN: ''", "domain", env={"MUSTER_DOMAIN": "example.com,,example.net"})

    def test_kinds_of_values_in_the_file(self):
        for line, expected in (("sip = []", "expected TRANSPORT:HOST:PORT or a list of it"),
                               ("sip = [[1]]", "expected TRANSPORT:HOST:PORT"), ("sip = 1.5", "expected TRANSPORT:HOST:PORT"),
                               ('http = ["127.0.0.1:0"]', "expected HOST:PORT"), ("max-expires = 1979-05-27", "expected SECONDS"),
                               ("max-expires = true", "expected a whole number"), ("max-expires = -1", "expected a whole number"),
                               ("workers = {n = 1}", "expected N"), ("[workers]", "expected N")):
            with self.subTest(line):
                path = self.write(line + "\n")
                self.check(["--config", str(path)], f"{path}:1: {re.search('[a-z-]+', line)[0]}: ", expected)

    def test_unknown_keys(self):
        for key in "min_expires", "colour", "config", "Sip", *(flag[2:] for flag in NOT_BUILT):
            with self.subTest(key):
                path = self.write(f'log-level = "info"\n{key} = "x"\n')
                self.check(["--config", str(path)], f"{path}:2: {key}", "no such setting")

    def test_a_file_that_is_no_toml(self):
        path = self.write("log-level = \"info\"\nmax-expires = = 5\n")
        self.check(["--config", str(path)], f"{path}:2:", "")

    def test_a_key_given_twice(self):
        path = self.write("workers = 1\nworkers = 2\n")
        self.check(["--config", str(path)], f"{path}:2:", "workers")

    def test_a_file_that_cannot_be_read(self):
        missing = self.folder / "missing.toml"
        for path in missing, self.folder, "":
            self.check(["--config", str(path)], f"config: '{path}'", "expected a file that can be read")
            self.check([], f"config: '{path}'", "expected a file that can be read", env={"MUSTER_CONFIG": str(path)})

    def test_unknown_flags(self):
        for flag in ("--colour", "--min_expires", "-x", *NOT_BUILT):
            with self.subTest(flag):
                self.check([flag], flag, "see musterd --help")
                self.check([flag, "value"], flag, "see musterd --help")

    def test_values_with_line_ends_stay_in_one_line(self):
        self.check(["--min-expires", "6\n0"], "--min-expires", "'6\\n0': expected a whole number")

    def test_words_that_are_no_flags(self):
        self.check(["start"], "start", "see musterd --help")
        self.check(["--workers", "1", "2"], "2", "see musterd --help")

    def test_flags_without_their_value(self):
        for flag in FLAGS - {"--help", "--version"}:
            with self.subTest(flag):
                self.check([flag], flag, "see musterd --help")

    def test_times_that_contradict_each_other(self):
        self.check(["--min-expires", "100", "--max-expires", "99"], "min-expires: 100", "at most max-expires, 99")
        self.check(["--default-expires", "7201"], "default-expires: 7201", "at most max-expires, 7200")


if __name__ == "__main__":
    main()
