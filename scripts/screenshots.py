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
    ("Ana Ramos", "processing", "completed"), ("Ioana Petrescu", "on-hold", None),
    ("Maria Silva", "processing", "refunded"), ("Daniel Schmidt", "processing", None),
    ("Yuki Tanaka", "processing", "completed"), ("Lea Bauer", "failed", None), ("Tom Baker", "processing", None))
# What became of the last message to each.
BECAME = {
    "Ana Ramos": ("delivered", "read"), "Ioana Petrescu": ("delivered",), "Daniel Schmidt": ("read",),
    "Yuki Tanaka": ("delivered",), "Lea Bauer": ("failed",)}


class Street(ShopCase):
    """A shop on a busy day."""

    settings = ShopCase.settings | {"site.name": "Button & Bow", "site.currency": "EUR", "site.country": "PT"}

    @classmethod
    def furnish(cls):
        browser = cls.browser
        form = browser.open("/admin/rules/processing").form("/admin/rules/processing")
        form.fill({"text": form.value("text") + "\n\nNo more of these: {unsubscribe_url}"}).send("act", "save")
        for place, (name, status, _) in enumerate(PEOPLE):
            cls.order(1042 + place, status, name, f"+12025550{110 + place}")
            cls.reload_until("/admin/phone", ".chats a", name)
        for place, (name, _, later) in enumerate(PEOPLE):
            if later:
                cls.order(1042 + place, later, name, f"+12025550{110 + place}", minutes=1)
        cls.order(1060, name="Noah Grant", phone="123")
        shop.post(cls.server, {"id": 1}, secret="not that one")
        for name, acts in BECAME.items():
            browser.open(cls.reload_until("/admin/phone", ".chats a", name).get_attribute("href"))
            for act in acts:
                browser.form(f"{browser.path}/status").send("status", act)
        browser.open(cls.reload_until("/admin/phone", ".chats a", "Ana Ramos").get_attribute("href"))
        [cls.preferences] = re.findall(r"/u/\S+", browser.read(".bubble-text")[0])
        browser.form(f"{browser.path}/answer", ".phone-write").fill({"text": "Thank you, it is *lovely*!"}).send()
        cls.buy("Grace", "Ferreira")
        for word in ("Read", "Delivered", "Failed"):
            cls.reload_until("/admin/messages", ".pill", word)

    @classmethod
    def buy(cls, name, surname):
        """In the demo shop; leaves something in the cart of the next visitor, too."""
        browser = cls.browser.open("/shop").follow(".shelf .article form button")
        form = browser.open("/shop/checkout").form("/shop/checkout")
        form.fill({"first_name": name, "last_name": surname, "country": "US", "phone": "202 555 0177", "consent.orders": True})
        cls.placed = form.send().path
        cls.reload_until("/admin/phone", ".chats a", name)
        browser.open("/shop").follow(".shelf .article form button")


def name(page):
    """The address as a file's name. An id or token says nothing: the first of a kind stands for all."""
    page = re.sub(r"/\d{10,}|(?<=/u/)\S{20,}|\?key=.*", "/one", page)
    return re.sub(r"[^a-z0-9]+", "-", page.lower()).strip("-")


def main(folder, parts):
    folder.mkdir(parents=True, exist_ok=True)
    Street.setUpClass()
    try:
        Street.furnish()
        browser = Street.browser
        for page in addresses(browser) + [Street.placed, Street.preferences, "/admin/login"]:
            if parts and not any(part in page for part in parts):
                continue
            if page == "/admin/login":
                browser.forget()
            for width, height in ((1280, 900), (360, 740)):
                for theme in ("light", "dark"):
                    browser.width(width, height)
                    browser.theme(theme)
                    browser.open(page)
                    browser.picture(folder / f"{name(page)}.{width}.{theme}.png")
            print(page, flush=True)
    finally:
        Street.doClassCleanups()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
