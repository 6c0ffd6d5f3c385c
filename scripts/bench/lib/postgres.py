"""A PostgreSQL that syncs as a real one does, on a unix socket."""

import itertools
import subprocess

from bench import ROOT


class Postgres:
    def __init__(self):
        self._address = self._script("start").strip()
        self._numbers = itertools.count()

    def database(self):
        """The address of a new, empty database."""
        name = f"bench_{next(self._numbers)}"
        self.ask(self._address, f"CREATE DATABASE {name}")
        return self._address.replace("/postgres?", f"/{name}?")

    def ask(self, database, sql):
        """What psql answers, without ornaments."""
        done = subprocess.run(["psql", "-XAtq", database, "-c", sql], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"psql: {done.stderr}")
        return done.stdout.strip()

    def stop(self):
        self._script("stop")

    def _script(self, what):
        done = subprocess.run([ROOT / "scripts" / "postgres.sh", what, "durable"], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"postgres.sh {what}: {done.stderr}")
        return done.stdout
