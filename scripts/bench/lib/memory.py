"""Resident memory."""

import threading
import time

from bench import SECRET, Server, table, wrk
from shop import Shop


def main():
    shop = Shop()
    server = Server("--demo", owner=True, settings=[("woocommerce.webhook_secret", SECRET)])
    try:
        cookie = server.sign_in()
        time.sleep(5)
        idle, own = server.resident(), server.resident("RssAnon")
        orders = server.url + "/admin/orders"
        asking = threading.Thread(
            target=lambda: wrk(server.process.pid, orders, "-H", f"Cookie: {cookie}", connections=16))
        telling = threading.Thread(target=lambda: shop.send(server))
        most = idle
        asking.start()
        telling.start()
        while asking.is_alive() or telling.is_alive():
            most = max(most, server.resident())
            time.sleep(0.1)
        time.sleep(5)
        table("Memory", [
            ("idle, the owner signed in", f"{idle:,.1f} MB", "aim: under 40 MB"),
            ("  without the pages of mapped files", f"{own:,.1f} MB", ""),
            ("most, with 80 connections at work", f"{most:,.1f} MB", ""),
            ("five seconds later", f"{server.resident():,.1f} MB", "")])
    finally:
        server.stop()


main()
