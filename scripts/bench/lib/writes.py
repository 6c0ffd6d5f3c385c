"""Writes of one row, each durable before its client goes on."""

import tempfile

from bench import Taken, bench, interleaved, rate, ratio, seconds, table
from postgres import Postgres

CLIENTS = 64


def written(place, *how):
    return Taken(float(bench("writes", place, CLIENTS, seconds(), *how)))


def in_file(*how):
    with tempfile.TemporaryDirectory(prefix="cartwright-bench-") as folder:
        return written(f"{folder}/cartwright.db", *how)


def main():
    postgres = Postgres()
    try:
        together, apart, served = interleaved(
            in_file, lambda: in_file("apart"), lambda: written(postgres.database()))
        table(f"Durable writes, {CLIENTS} clients", [
            ("SQLite, commits shared", rate(together), ""), ("  a commit for each", rate(apart), ""),
            ("  ratio", ratio(together, apart), "aim: at least 4"),
            ("PostgreSQL, a connection each", rate(served), "")])
    finally:
        postgres.stop()


main()
