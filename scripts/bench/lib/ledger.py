"""Messages through the dispatcher: claimed, decided, handed over, accepted."""

import os
import tempfile

from bench import Taken, bench, interleaved, rate, ratio, table
from postgres import Postgres

COUNT = int(os.environ.get("MESSAGES", "10000"))


def moved(*place):
    with tempfile.TemporaryDirectory(prefix="cartwright-bench-") as folder:
        return Taken(float(bench("moves", folder, COUNT, *place)))


def main():
    postgres = Postgres()
    try:
        file, served = interleaved(moved, lambda: moved(postgres.database()))
        table(f"Ledger, {COUNT:,} messages from planned to accepted", [
            ("SQLite", rate(file), ""), ("PostgreSQL", rate(served), ""), ("  ratio", ratio(served, file), "")])
    finally:
        postgres.stop()


main()
