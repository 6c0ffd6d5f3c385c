"""Copies of everything: backup, restore, migrate-database, each beside the engines' own way for the same rows."""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time

from bench import BUILT, ROOT, bench, filled, table
from postgres import Postgres

MESSAGES = int(os.environ.get("MESSAGES", "1000000"))
MEGABYTE = 1 << 20


@dataclasses.dataclass
class Run:
    """What a program took to its end."""
    seconds: float
    resident: float
    """Megabytes at their peak."""
    cpu: float
    """Seconds of its own, without those of a server that works for it. Other work on the machine changes it less."""
    output: str


def run(*command, watch=lambda: None):
    """Runs a program, and calls `watch` every now and then meanwhile."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([str(word) for word in command], cwd=ROOT, stdout=output, stderr=output)
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            watch()
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {text}")
    return Run(time.perf_counter() - began, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, text)


def cartwright(*arguments, data, database=None, watch=lambda: None):
    place = ["--data", data] + (["--database", database] if database else [])
    return run(BUILT / "cartwright", *arguments, *place, watch=watch)


def durable(*command, into):
    """As `run`, for a tool that does not sync what it has written."""
    began = time.perf_counter()
    done = run(*command)
    run("sync", into)
    return dataclasses.replace(done, seconds=time.perf_counter() - began)


def took(what, one, size=None):
    rate = f"{size / MEGABYTE / one.seconds:,.0f} MB/s" if size else ""
    return what, f"{one.seconds:,.1f} s, CPU {one.cpu:,.1f} s", rate


def times(ours, theirs):
    return f"{ours.seconds / theirs.seconds:.1f}"


def memory(one):
    return "  memory", f"{one.resident:,.0f} MB", "aim: under 150 MB"


def moved(what, rows, one, aim=""):
    return what, f"{rows / one.seconds:,.0f} /s", aim


def copy(data, folder):
    """A data folder of its own, for what changes it."""
    shutil.copytree(data, folder)
    return folder


def in_file(data, work):
    """Backup and restore on SQLite; the size of the file."""
    database = data / "cartwright.db"
    size = database.stat().st_size
    plain = durable("cp", database, work / "plain.db", into=work / "plain.db")
    own = durable("sqlite3", database, f".backup {work / 'own.db'}", into=work / "own.db")
    (work / "plain.db").unlink()
    (work / "own.db").unlink()
    archive = work / "backup.zip"
    backup = cartwright("backup", archive, data=data)
    target = work / "restored"
    target.mkdir()
    shutil.copy(data / "master.key", target)
    restore = cartwright("restore", archive, data=target)
    shutil.rmtree(target)
    table(f"SQLite, {MESSAGES:,} messages in {size / MEGABYTE:,.0f} MB", [
        took("cp", plain, size), took("sqlite3 .backup", own, size),
        took("cartwright backup", backup, size), ("  times as long as .backup", times(backup, own), ""),
        ("  archive", f"{archive.stat().st_size / MEGABYTE:,.0f} MB", ""), memory(backup),
        took("cartwright restore", restore, size), memory(restore)])
    archive.unlink()


def beside_writer(data, work):
    """How far the log of SQLite grows while a backup holds its view and one writer goes on."""
    folder = copy(data, work / "written")
    database, log = folder / "cartwright.db", folder / "cartwright.db-wal"
    peak, rate = [0], []

    def look():
        peak[0] = max(peak[0], log.stat().st_size if log.exists() else 0)

    alone = cartwright("backup", work / "alone.zip", data=folder)
    length = int(alone.seconds * 1.5) + 2
    writer = threading.Thread(target=lambda: rate.append(float(bench("writes", database, 1, length))))
    writer.start()
    backup = cartwright("backup", work / "beside.zip", data=folder, watch=look)
    during = peak[0]
    while writer.is_alive():
        look()
        time.sleep(0.1)
    table("SQLite beside a writer", [
        ("rows that it writes", f"{rate[0]:,.0f} /s", ""), took("cartwright backup", backup),
        ("  times as long as alone", times(backup, alone), ""),
        ("  the log's peak", f"{during / MEGABYTE:,.0f} MB", ""),
        ("  and after it", f"{peak[0] / MEGABYTE:,.0f} MB", "aim: no more")])
    shutil.rmtree(folder)


def rows_moved(move):
    return int(re.search(r"^total\t(\d+)$", move.output, re.M)[1])


def between(data, work, postgres):
    """migrate-database there and back; PostgreSQL's address and the data folder on it."""
    folder, database = copy(data, work / "moved"), postgres.database()
    there = cartwright("migrate-database", "--from", folder / "cartwright.db", "--to", database, data=folder)
    csv, same = work / "messages.csv", postgres.database()
    run("psql", "-Xq", database, "-c", f"\\copy messages TO '{csv}' CSV")
    run("sh", "-c", f"pg_dump -s '{database}' | psql -Xq '{same}'")
    copied = run("psql", "-Xq", same, "-c", f"\\copy messages FROM '{csv}' CSV")

    held_back = cartwright("backup", work / "there.zip", data=folder, database=database)
    dumped = run("pg_dump", "-Fc", "-Z1", "-f", work / "there.dump", database)
    restored = cartwright("restore", work / "there.zip", "--force", data=folder, database=database)
    again = postgres.database()
    loaded = run("pg_restore", "-d", again, work / "there.dump")

    home = work / "home.db"
    back = cartwright("migrate-database", "--from", database, "--to", home, data=folder)
    plain = work / "plain.db"
    schema = run("sqlite3", home, ".schema messages").output
    run("sqlite3", plain, "PRAGMA journal_mode = WAL;" + schema)
    imported = run("sqlite3", plain, ".mode csv", f".import {csv} messages")

    rows = rows_moved(there)
    table(f"Between the engines, {rows:,} rows, all compared by SHA-256", [
        moved("SQLite to PostgreSQL", rows, there, "aim: 30,000"), took("", there), memory(there),
        moved("COPY messages FROM", MESSAGES, copied),
        moved("PostgreSQL to SQLite", rows, back, "aim: 30,000"), took("", back), memory(back),
        moved("sqlite3 .import messages", MESSAGES, imported)])
    table("PostgreSQL", [
        took("pg_dump -Fc -Z1", dumped), took("cartwright backup", held_back),
        ("  times as long", times(held_back, dumped), ""), memory(held_back),
        took("pg_restore", loaded), took("cartwright restore", restored),
        ("  times as long", times(restored, loaded), ""), memory(restored)])


def main():
    data = filled(MESSAGES)
    parts = os.environ.get("PARTS", "file,writer,between").split(",")
    with tempfile.TemporaryDirectory(prefix="backup-", dir=ROOT / ".build" / "bench") as folder:
        work = pathlib.Path(folder)
        if "file" in parts:
            in_file(data, work)
        if "writer" in parts:
            beside_writer(data, work)
        if "between" in parts:
            postgres = Postgres()
            try:
                between(data, work, postgres)
            finally:
                postgres.stop()


main()
