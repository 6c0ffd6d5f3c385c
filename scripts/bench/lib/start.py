"""From the start of the program to `listening`."""

import os
import shutil

from bench import ROOT, Server, bench, interleaved, table

MESSAGES = int(os.environ.get("MESSAGES", "1000000"))


def started(data=None):
    """Milliseconds on the clock, and of CPU."""
    server = Server("--no-workers", data=data)
    worked = server.worked()
    server.stop()
    return server.started_in * 1000, worked * 1000


def filled():
    """A folder whose ledger holds a million messages; made once."""
    folder = ROOT / ".build" / "bench" / f"messages-{MESSAGES}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        Server("--no-workers", data=folder).stop()
        bench("fill", folder, MESSAGES)
        (folder / "ready").touch()
    return folder


def least(starts):
    """The quickest of all, and what it takes when it has the machine to itself."""
    return f"{min(clock for clock, _ in starts):,.0f} ms", f"{min(cpu for _, cpu in starts):,.0f} ms"


def main():
    folder = filled()
    fresh, full = map(least, interleaved(started, lambda: started(folder)))
    table("Start", [
        ("an empty folder", fresh[0], ""), ("  CPU", fresh[1], ""),
        (f"{MESSAGES:,} messages in the ledger", full[0], "aim: under 100 ms"), ("  CPU", full[1], "")])


main()
