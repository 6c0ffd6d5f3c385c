"""Webhooks stored per second, beside the bare group commit."""

import contextlib
import sqlite3
import tempfile

from bench import SECRET, Server, Taken, bench, cost, interleaved, rate, ratio, seconds, table
from shop import Shop


def bare(shop):
    """Rows per second that one writer commits, 64 at a time, with the program's own settings of SQLite."""
    with tempfile.TemporaryDirectory(prefix="cartwright-bench-") as folder:
        return Taken(float(bench("commit", f"{folder}/cartwright.db", shop.body, 64, seconds())))


def stored(shop):
    """What a server with a folder of its own takes in. Another process would do the work, as one would have it under
    such a load: what is measured is taking in."""
    server = Server("--no-workers", settings=[("woocommerce.webhook_secret", SECRET)])
    try:
        taken = shop.send(server)
        check(server, taken)
        return taken
    finally:
        server.stop()


def check(server, taken):
    """Ends the benchmark when a webhook that was answered is not there."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/cartwright.db?mode=ro", uri=True)) as database:
        rows, orders = database.execute("SELECT count(*), count(DISTINCT lane) FROM deliveries").fetchone()
    if rows < taken.count or orders != rows:
        raise SystemExit(f"{taken.count} webhooks were answered, {rows} stored, of {orders} orders")


def main():
    shop = Shop()
    taken, committed = interleaved(lambda: stored(shop), lambda: bare(shop))
    table("Webhooks", [
        (f"stored by 64 connections, {shop.size:,} bytes each", rate(taken), "aim: at least 20,000"),
        ("  bare group commit of the same rows", rate(committed), ""),
        ("  ratio", ratio(taken, committed), "aim: at least 0.4"), ("  CPU for each", cost(taken), "")])


main()
