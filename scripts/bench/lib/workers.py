"""A backlog of webhooks, worked into planned messages by 1, 2 and 4 workers on one PostgreSQL."""

import os
import subprocess
import tempfile
import time

from bench import BUILT, ROOT, SECRET, Server, Taken, bench, interleaved, rate, ratio, table
from postgres import Postgres
from shop import ORDER, Shop

COUNT = int(os.environ.get("ORDERS", "3000"))
# Nothing leaves: what is measured is the way from a stored webhook to a message that is due.
SETTINGS = [
    ("woocommerce.webhook_secret", SECRET), ("orders.consent", "legitimate_interest"), ("sending.paused", "true"),
    ("orders.first_sight_window", "36500d")]
LEFT = """
    SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting') + (SELECT count(*) FROM events WHERE state = 'waiting')
"""


def worked(postgres, shop, count):
    """Webhooks per second by so many workers."""
    database = postgres.database()
    with tempfile.TemporaryDirectory(prefix="cartwright-bench-") as data:
        Server("--no-workers", data=data, database=database, settings=SETTINGS).stop()
        bench("backlog", database, shop.body, COUNT)
        began = time.perf_counter()
        workers = [
            subprocess.Popen(
                [BUILT / "cartwright", "worker", "--data", data, "--database", database], cwd=ROOT,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(count)]
        try:
            while int(postgres.ask(database, LEFT)):
                if any(worker.poll() is not None for worker in workers):
                    raise SystemExit("a worker has ended")
                time.sleep(0.2)
            elapsed = time.perf_counter() - began
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait()
    messages = int(postgres.ask(database, "SELECT count(*) FROM messages"))
    if messages != COUNT:
        raise SystemExit(f"{COUNT} orders made {messages} messages")
    return Taken(COUNT / elapsed)


def main():
    # A thousand customers, so that workers meet at rows as they do in a shop.
    shop = Shop(ORDER.replace('"customer_id":7', '"customer_id":@NUMBER@').replace("0491 570 006", "@PHONE@"))
    postgres = Postgres()
    try:
        one, two, four = interleaved(*[lambda count=count: worked(postgres, shop, count) for count in (1, 2, 4)])
        table(f"Workers on PostgreSQL, {COUNT:,} webhooks to messages", [
            ("1 worker", rate(one), ""), ("2 workers", rate(two), ""), ("  ratio to 1", ratio(two, one), ""),
            ("4 workers", rate(four), ""), ("  ratio to 1", ratio(four, one), "")])
    finally:
        postgres.stop()


main()
