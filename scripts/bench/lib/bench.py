"""What every benchmark stands on: the program as a process, wrk, and a short table."""

import http.cookiejar
import os
import pathlib
import re
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
    """`cartwright serve` on a free port, with a data folder of its own."""

    def __init__(self, *flags, data=None, owner=False, settings=()):
        self._folder = None if data else tempfile.TemporaryDirectory(prefix="cartwright-bench-")
        self.data = pathlib.Path(data or self._folder.name)
        for key, value in settings:
            self.command("settings", "set", key, value)
        if owner:
            self.command("user", "add", "--email", EMAIL, "--role", "owner", "--password-stdin", text=PASSWORD)
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [BUILT / "cartwright", "serve", "--data", self.data, "--listen", "127.0.0.1:0", *flags], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.started_in = time.perf_counter() - began
        if not line.startswith("listening on "):
            raise SystemExit(f"the server said {line!r}")
        self.url = line.split()[-1]

    def command(self, *arguments, text=""):
        done = subprocess.run(
            [BUILT / "cartwright", *arguments, "--data", self.data], cwd=ROOT, input=text, capture_output=True, text=True)
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

    def resident(self):
        """Megabytes that it holds now."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        """Asks it to end, as an operator would, and forgets its data."""
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        if self._folder:
            self._folder.cleanup()


def get(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as answer:
        return answer.read(), dict(answer.headers)


def wrk(url, *flags, environment=None, connections=64, threads=1):
    """Requests per second; refuses to count what was not answered with 2xx."""
    done = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds()}s", *flags, url], capture_output=True, text=True,
        env=os.environ | (environment or {}))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", done.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if done.returncode != 0 or bad or not rate:
        raise SystemExit(f"wrk {url}:\n{done.stdout}{done.stderr}")
    return float(rate[1])


def bench(*arguments):
    """Runs the helper program; what it printed."""
    done = subprocess.run([BUILT / "Bench", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"Bench {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout.strip()


def interleaved(*measurements):
    """The medians of several, each measured in turn in every round, so that a slow moment meets all of them."""
    taken = [[] for _ in measurements]
    for _ in range(rounds()):
        for values, measure in zip(taken, measurements):
            values.append(measure())
    return [statistics.median(values) for values in taken]


def table(title, rows):
    """`rows` are (what, figure, aim)."""
    load = os.getloadavg()[0]
    print(f"{title} ({BUILT.name}, {os.cpu_count()} cores, load {load:.1f})")
    for what, figure, aim in rows:
        print(f"  {what:<44} {figure:>14}  {aim}")
    print(flush=True)
