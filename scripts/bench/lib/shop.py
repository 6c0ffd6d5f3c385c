"""Webhooks as a shop sends them, as fast as they are taken."""

import pathlib
import tempfile

from bench import ROOT, SECRET, wrk

# A recorded order; a number of its own stands in place of its id.
ORDER = (ROOT / "Tests" / "Fixtures" / "woocommerce" / "020-order.updated.body").read_text()


class Shop:
    def __init__(self, order=ORDER):
        self._file = tempfile.NamedTemporaryFile("w", suffix=".json")
        start, mark, rest = order.partition('"id":')
        digits = len(rest) - len(rest.lstrip("0123456789"))
        self._file.write(start + mark + "@NUMBER@" + rest[digits:])
        self._file.flush()
        self._sent = 1_000_000
        self.size = len(ORDER)
        self.body = self._file.name

    def send(self, server):
        """Signed webhooks by 64 connections, each of another order than all before it."""
        script = pathlib.Path(__file__).with_name("webhooks.lua")
        self._sent += 10_000_000
        return wrk(
            server.process.pid, server.url, "-s", str(script), environment={
                "WEBHOOK_SECRET": SECRET, "WEBHOOK_BODY": self._file.name, "WEBHOOK_FIRST": str(self._sent)})
