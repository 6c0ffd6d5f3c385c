#!/usr/bin/env python3
"""Takes a picture of every page: wide (1280) and on a phone (360), by day and by night.

    scripts/screenshots.py FOLDER [PART…]    of all pages, or of those whose address holds one of the parts

Uses the built debug program (swift build --product cartwright) with made-up orders, and the Python, Chromium and
helpers of the browser tests. The pictures are named after the page's address: admin-orders.1280.light.png.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".build" / "python"

if pathlib.Path(sys.prefix) != PYTHON:
    subprocess.run([ROOT / "scripts" / "python.sh"], check=True)
    os.execv(PYTHON / "bin" / "python", [PYTHON / "bin" / "python", "-B", *sys.argv])

sys.path.insert(0, str(ROOT / "Tests" / "Browser"))

import shop  # noqa: E402
from browser import until  # noqa: E402
from house import ShopCase  # noqa: E402
from pages import addresses  # noqa: E402

PEOPLE = (
    ("Ana", "processing", "completed"), ("Ioana", "on-hold", None), ("Maria", "processing", "refunded"),
    ("Daniel", "processing", None), ("Yuki", "processing", "completed"), ("Lea", "failed", None),
    ("Tom", "processing", None))


class Street(ShopCase):
    """A shop on a busy day."""

    settings = ShopCase.settings | {"site.name": "Button & Bow", "site.currency": "EUR", "site.country": "PT"}

    @classmethod
    def furnish(cls):
        browser = cls.browser
        for place, (name, status, _) in enumerate(PEOPLE):
            cls.order(1042 + place, status, name, f"+12025550{110 + place}")
            cls.reload_until("/admin/phone", ".chats a", name)
        for place, (name, _, later) in enumerate(PEOPLE):
            if later:
                cls.order(1042 + place, later, name, f"+12025550{110 + place}", minutes=1)
        cls.order(1060, first_name="Nobody", phone="123")
        shop.post(cls.server, {"id": 1}, secret="not that one")
        for name, acts in (("Ana", ("delivered", "read")), ("Ioana", ("delivered",)), ("Lea", ("failed",)), ("Daniel", ("read",))):
            browser.open(cls.reload_until("/admin/phone", ".chats a", name).get_attribute("href"))
            chat = browser.path
            for act in acts:
                browser.form(f"{chat}/status").send("status", act)
            if name == "Ana":
                browser.form(f"{chat}/answer").fill({"text": "Thank you, it is *lovely*!"}).send()
        cls.buy("Grace")
        for word in ("Read", "Delivered", "Failed"):
            cls.reload_until("/admin/messages", ".pill", word)

    @classmethod
    def buy(cls, name):
        """In the demo shop; leaves something in the cart of the next visitor, too."""
        browser = cls.browser.open("/shop").follow(".shelf .article form button")
        form = browser.open("/shop/checkout").form("/shop/checkout")
        form.fill({"first_name": name, "last_name": "Example", "country": "US", "phone": "202 555 0177", "consent.orders": True})
        cls.placed = form.send().path
        cls.reload_until("/admin/phone", ".chats a", name)
        browser.open("/shop").follow(".shelf .article form button")


def main(folder, parts):
    folder.mkdir(parents=True, exist_ok=True)
    Street.setUpClass()
    try:
        Street.furnish()
        browser = Street.browser
        pages = addresses(browser) + [Street.placed]
        for page in pages:
            if parts and not any(part in page for part in parts):
                continue
            for width, height in ((1280, 900), (360, 740)):
                for theme in ("light", "dark"):
                    browser.width(width, height)
                    browser.theme(theme)
                    browser.open(page)
                    # An id says nothing; the first of a kind stands for all.
                    name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27,}|[0-9A-Z]{26}", "one", page.partition("&")[0].partition("?key")[0])
                    name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
                    browser.picture(folder / f"{name}.{width}.{theme}.png")
            print(page, flush=True)
    finally:
        Street.doClassCleanups()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
