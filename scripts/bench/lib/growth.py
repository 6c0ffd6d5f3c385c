"""Pages of the admin when the ledger has grown a hundred times."""

import os
import tempfile

from bench import Server, bench, filled, interleaved, ratio, table, wrk
from postgres import Postgres

FEW = int(os.environ.get("FEW", "10000"))
MANY = int(os.environ.get("MESSAGES", "1000000"))
PAGES = ("/admin", "/admin/messages", "/admin/messages?status=failed", "/admin/orders")


def serve(count, data, postgres):
    if postgres is None:
        return Server("--no-workers", data=filled(count))
    database = postgres.database()
    Server("--no-workers", data=data, database=database, owner=True).stop()
    bench("fill", database, count)
    postgres.ask(database, "VACUUM ANALYZE")
    return Server("--no-workers", data=data, database=database)


def asked(server, path, cookie):
    """By one visitor, so that what is measured is how long an answer takes."""
    return wrk(server.process.pid, server.url + path, "-H", f"Cookie: {cookie}", connections=1)


def took(taken):
    return f"{min(1000 / each.rate for each in taken):.2f} ms"


def compare(engine, postgres=None):
    """Two servers side by side, each with a master key of its own."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        few, many = serve(FEW, one, postgres), serve(MANY, other, postgres)
        try:
            measure(engine, few, many)
        finally:
            few.stop()
            many.stop()


def measure(engine, few, many):
    cookies = few.sign_in(), many.sign_in()
    rows = []
    for path in PAGES:
        small, large = interleaved(lambda: asked(few, path, cookies[0]), lambda: asked(many, path, cookies[1]))
        rows += [(path, f"{took(small)}, {took(large)}", ""), ("  ratio", ratio(small, large), "aim: at most 1.3")]
    table(f"Pages at {FEW:,} and {MANY:,} messages, {engine}", rows)


def main():
    compare("SQLite")
    postgres = Postgres()
    try:
        compare("PostgreSQL", postgres)
    finally:
        postgres.stop()


main()
