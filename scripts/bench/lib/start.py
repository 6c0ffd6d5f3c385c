"""From the start of the program to `listening`."""

import os

from bench import BUILT, ROOT, Server, bench, interleaved, table

MESSAGES = int(os.environ.get("MESSAGES", "1000000"))


def started(data=None):
    server = Server("--no-workers", data=data)
    server.stop()
    return server.started_in * 1000


def filled():
    """A folder whose ledger holds a million messages; made once."""
    folder = ROOT / ".build" / "bench" / f"messages-{MESSAGES}-{BUILT.name}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        Server("--no-workers", data=folder).stop()
        bench("fill", folder, MESSAGES)
        (folder / "ready").touch()
    return folder


def main():
    folder = filled()
    fresh, full = interleaved(started, lambda: started(folder))
    table("Start", [
        ("an empty folder", f"{fresh:,.0f} ms", ""),
        (f"{MESSAGES:,} messages in the ledger", f"{full:,.0f} ms", "aim: under 100 ms")])


main()
