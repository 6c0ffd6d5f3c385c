"""From the start of the program to `listening`."""

import os

from bench import Server, filled, interleaved, table

MESSAGES = int(os.environ.get("MESSAGES", "1000000"))


def started(data=None):
    """Milliseconds on the clock, and of CPU."""
    server = Server("--no-workers", data=data)
    worked = server.worked()
    server.stop()
    return server.started_in * 1000, worked * 1000


def least(starts):
    """The quickest of all, and what it takes when it has the machine to itself."""
    return f"{min(clock for clock, _ in starts):,.0f} ms", f"{min(cpu for _, cpu in starts):,.0f} ms"


def main():
    folder = filled(MESSAGES)
    fresh, full = map(least, interleaved(started, lambda: started(folder)))
    table("Start", [
        ("an empty folder", fresh[0], ""), ("  CPU", fresh[1], ""),
        (f"{MESSAGES:,} messages in the ledger", full[0], "aim: under 100 ms"), ("  CPU", full[1], "")])


main()
