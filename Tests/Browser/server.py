"""The program under test, as a person starts it."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "debug" / "cartwright"


class Server:
    """`cartwright serve --demo` on a free port, with a data folder of its own. Seconds are those of the wall clock."""

    def __init__(self, settings=None, owner=None, start_deadline=30, copied_from=None):
        """With `copied_from`, its data is a copy of that server's, which has ended and had this owner."""
        self._folder = tempfile.TemporaryDirectory(prefix="cartwright-browser-")
        self.data = pathlib.Path(self._folder.name)
        if copied_from:
            shutil.copytree(
                copied_from.data, self.data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock", "*.lock", "*.log"))
        for key, value in (settings or {}).items():
            self.command("settings", "set", key, value)
        if owner and not copied_from:
            email, password = owner
            self.command("user", "add", "--email", email, "--role", "owner", "--password-stdin", text=password)
        # Kept for when it does not start.
        self._errors = open(self.data / "stderr.log", "wb")
        self._start(start_deadline)
        self.start_link = None if owner else self._said(r"set up at (\S+)")

    def _start(self, deadline, *more):
        self._process = subprocess.Popen(
            [PROGRAM, "serve", "--demo", "--data", self.data, "--listen", "127.0.0.1:0", *more],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        killer = threading.Timer(deadline, self._process.kill)
        killer.start()
        self.url = self._said(r"listening on (\S+)")
        killer.cancel()

    def move(self, source, target):
        """Ends it, takes everything from one database to another, and starts it on that."""
        self.end()
        self._process.stdout.close()
        self.command("migrate-database", "--from", source, "--to", target)
        self._start(30, "--database", target)

    def _said(self, pattern):
        """The next line of stdout, which has to match."""
        line = self._process.stdout.readline()
        match = re.fullmatch(pattern, line.strip())
        if not match:
            errors = (self.data / "stderr.log").read_text(errors="replace")
            self.stop()
            raise AssertionError(f"the server said {line!r} instead of {pattern!r}\n{errors}")
        return match.group(1)

    def command(self, *arguments, text=""):
        """Runs `cartwright …` on the same data, with `text` as its input; what it printed."""
        done = subprocess.run(
            [PROGRAM, *arguments, "--data", self.data], cwd=ROOT, input=text, capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise AssertionError(f"cartwright {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def end(self):
        """Tells it to stop, as a person does, and keeps its data."""
        self._process.terminate()
        self._process.wait(timeout=30)

    def stop(self):
        """Kills it and forgets its data."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()
        self._folder.cleanup()
