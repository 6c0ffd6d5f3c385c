"""What every benchmark stands on: the program as a process, wrk, and a short table."""

import dataclasses
import http.cookiejar
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILT = ROOT / ".build" / os.environ.get("CONFIGURATION", "release")
SECRET = "a secret that only the shop and the house know"
EMAIL, PASSWORD = "owner@example.com", "a sentence is easiest to remember"


def seconds():
    """How long one measurement lasts."""
    return int(os.environ.get("SECONDS_EACH", "5"))


def rounds():
    return int(os.environ.get("ROUNDS", "5"))


class Server:
    """`cartwright serve` on a free port, with a data folder of its own, on SQLite where no database is named."""

    def __init__(self, *flags, data=None, database=None, owner=False, settings=()):
        self._folder = None if data else tempfile.TemporaryDirectory(prefix="cartwright-bench-")
        self.data = pathlib.Path(data or self._folder.name)
        self._place = ["--data", self.data] + (["--database", database] if database else [])
        for key, value in settings:
            self.command("settings", "set", key, value)
        if owner:
            self.command("user", "add", "--email", EMAIL, "--role", "owner", "--password-stdin", text=PASSWORD)
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [BUILT / "cartwright", "serve", *self._place, "--listen", "127.0.0.1:0", *flags], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.started_in = time.perf_counter() - began
        if not line.startswith("listening on "):
            raise SystemExit(f"the server said {line!r}")
        self.url = line.split()[-1]

    def command(self, *arguments, text=""):
        done = subprocess.run(
            [BUILT / "cartwright", *arguments, *self._place], cwd=ROOT, input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"cartwright {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def sign_in(self):
        """The cookie of a signed-in owner."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = opener.open(self.url + "/admin/login").read().decode()
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        form = urllib.parse.urlencode({"email": EMAIL, "password": PASSWORD, "csrf": csrf, "next": "/admin"}).encode()
        opener.open(self.url + "/admin/login", form).read()
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)

    def resident(self, part="VmRSS"):
        """Megabytes that it holds now; with `RssAnon` those that no file stands behind."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{part}:\s+(\d+)", status)[1]) / 1024

    def worked(self):
        """Seconds of CPU that its threads have used, to the microsecond."""
        threads = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def stop(self):
        """Asks it to end, as an operator would, and forgets its data."""
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        if self._folder:
            self._folder.cleanup()


def filled(count):
    """A folder whose ledger holds so many messages, with an owner; made once."""
    folder = ROOT / ".build" / "bench" / f"messages-{count}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        Server("--no-workers", data=folder, owner=True).stop()
        bench("fill", folder / "cartwright.db", count)
        (folder / "ready").touch()
    return folder


def get(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as answer:
        return answer.read(), dict(answer.headers)


@dataclasses.dataclass
class Taken:
    """What one measurement took in."""
    rate: float
    """Of requests or rows, per second."""
    count: int = 0
    cost: float = 0
    """Microseconds of the server's CPU for each. Other work on the machine changes it less than the rate."""


def cpu(process):
    """Seconds of CPU that a process and its children have used, in the program and in the kernel."""
    children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ticks = 0
    for one in [process, *children]:
        # The name, in brackets, may hold anything; 11 and 12 places after it stand utime and stime.
        fields = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wrk(process, url, *flags, environment=None, connections=64):
    """Asks for as long as a measurement lasts; refuses to count what was not answered with 2xx."""
    before = cpu(process)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds()}s", *flags, url], capture_output=True, text=True,
        env=os.environ | (environment or {}))
    spent = cpu(process) - before
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", done.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    count = re.search(r"(\d+) requests in", done.stdout)
    if done.returncode != 0 or bad or not rate or not count:
        raise SystemExit(f"wrk {url}:\n{done.stdout}{done.stderr}")
    return Taken(float(rate[1]), int(count[1]), spent * 1e6 / max(1, int(count[1])))


def bench(*arguments):
    """Runs the helper program; what it printed."""
    done = subprocess.run([BUILT / "Bench", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"Bench {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout.strip()


def interleaved(*measurements):
    """What each measurement gave, one list each: all take their turn in every round, so that a slow moment meets all."""
    taken = [[] for _ in measurements]
    for _ in range(rounds()):
        for values, measure in zip(taken, measurements):
            values.append(measure())
    return taken


def rate(taken):
    return f"{statistics.median(each.rate for each in taken):,.0f} /s"


def ratio(ours, theirs):
    """Of the two rates, round by round."""
    return f"{statistics.median(one.rate / other.rate for one, other in zip(ours, theirs)):.2f}"


def cost(taken):
    """The least of all rounds: what other work adds is not the server's."""
    return f"{min(each.cost for each in taken):.1f} µs"


def table(title, rows):
    """`rows` are (what, figure, aim)."""
    load = os.getloadavg()[0]
    print(f"{title} ({BUILT.name}, {os.cpu_count()} cores, load {load:.1f})")
    for what, figure, aim in rows:
        print(f"  {what:<44} {figure:>14}  {aim}".rstrip())
    print(flush=True)
