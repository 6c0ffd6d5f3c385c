"""A static file and a page of the admin, beside nginx."""

import re

from bench import Server, cost, get, interleaved, rate, ratio, table, wrk
from nginx import Nginx


def beside_nginx(server, path, headers):
    """What ours and nginx took in, and how many bytes each answer has."""
    url = server.url + path
    body, told = get(url, headers)
    nginx = Nginx(body, told)
    flags = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    try:
        nginx.check(body, told)
        return *interleaved(
            lambda: wrk(server.process.pid, url, *flags), lambda: wrk(nginx.process.pid, nginx.url, *flags)), len(body)
    finally:
        nginx.stop()


def rows(what, measured, aim):
    ours, theirs, size = measured
    return [
        (f"{what}, {size:,} bytes", rate(ours), ""), ("  nginx, the same bytes and fields", rate(theirs), ""),
        ("  ratio", ratio(ours, theirs), aim), ("  CPU for each", cost(ours), ""), ("  CPU of nginx", cost(theirs), "")]


def main():
    server = Server("--demo", owner=True)
    try:
        cookie = {"Cookie": server.sign_in()}
        page, _ = get(server.url + "/admin/orders", cookie)
        style = re.search(rb'<link rel="stylesheet" href="([^"]+)"', page)[1].decode()
        table("Pages", rows("static file", beside_nginx(server, style, {}), "aim: at least 0.9")
              + rows("page of the admin (orders)", beside_nginx(server, "/admin/orders", cookie), ""))
    finally:
        server.stop()


main()
