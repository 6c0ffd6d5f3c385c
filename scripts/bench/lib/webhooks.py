"""Webhooks stored per second, beside the bare group commit."""

import tempfile

from bench import SECRET, Server, bench, interleaved, seconds, table
from shop import Shop


def bare(shop):
    """Rows per second that one writer commits, 64 at a time, with the program's own settings of SQLite."""
    with tempfile.TemporaryDirectory(prefix="cartwright-bench-") as folder:
        return float(bench("commit", folder, shop.body, 64, seconds()))


def main():
    shop = Shop()
    # Another process does the work, as one would have it under such a load: what is measured is taking in.
    server = Server("--no-workers", settings=[("woocommerce.webhook_secret", SECRET)])
    try:
        stored, committed = interleaved(lambda: shop.send(server), lambda: bare(shop))
    finally:
        server.stop()
    table("Webhooks", [
        (f"stored by 64 connections, {shop.size:,} bytes each", f"{stored:,.0f} /s", "aim: at least 20,000"),
        ("  bare group commit of the same rows", f"{committed:,.0f} /s", ""),
        ("  ratio", f"{stored / committed:.2f}", "aim: at least 0.4")])


main()
