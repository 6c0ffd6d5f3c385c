"""A WooCommerce shop that is none: the tests' own double, as a program beside the house."""

import json
import re
import subprocess
import threading
import urllib.request

from server import ROOT

PROGRAM = ROOT / ".build" / "debug" / "ShopDouble"


class DoubledShop:
    """Runs until it is stopped. `tell` is how a test has something happen in it."""

    def __init__(self, start_deadline=30):
        self._process = subprocess.Popen(
            [PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        killer = threading.Timer(start_deadline, self._process.kill)
        killer.start()
        self.url = self._said(r"listening on (\S+)").group(1)
        keys = self._said(r"keys (\S+) (\S+)")
        self.key, self.secret = keys.groups()
        killer.cancel()

    def _said(self, pattern):
        line = self._process.stdout.readline()
        match = re.fullmatch(pattern, line.strip())
        if not match:
            self.stop()
            raise AssertionError(f"the doubled shop said {line!r} instead of {pattern!r}")
        return match

    def tell(self, word, **fields):
        """`orders`, `change`, `picky` …, as Tests/ShopDouble/ControlDesk.swift lists them."""
        request = urllib.request.Request(
            f"{self.url}/_double/{word}", json.dumps(fields).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    @property
    def webhooks(self):
        return self.tell("state")["webhooks"]

    def stop(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
