"""A static file and a page of the admin, beside nginx."""

import re

from bench import Server, get, interleaved, table, wrk
from nginx import Nginx


def beside_nginx(url, headers):
    """Requests per second of ours and of nginx, and how many bytes each answer has."""
    body, told = get(url, headers)
    nginx = Nginx(body, told)
    flags = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    try:
        ours, theirs = interleaved(lambda: wrk(url, *flags), lambda: wrk(nginx.url, *flags))
    finally:
        nginx.stop()
    return ours, theirs, len(body)


def rows(what, measured, aim):
    ours, theirs, size = measured
    return [
        (f"{what}, {size:,} bytes", f"{ours:,.0f} /s", ""), ("  nginx, the same bytes", f"{theirs:,.0f} /s", ""),
        ("  ratio", f"{ours / theirs:.2f}", aim)]


def main():
    server = Server("--demo", owner=True)
    try:
        cookie = {"Cookie": server.sign_in()}
        page, _ = get(server.url + "/admin/orders", cookie)
        style = re.search(rb'<link rel="stylesheet" href="([^"]+)"', page)[1].decode()
        table("Pages", rows("static file", beside_nginx(server.url + style, {}), "aim: at least 0.9")
              + rows("page of the admin (orders)", beside_nginx(server.url + "/admin/orders", cookie), ""))
    finally:
        server.stop()


main()
