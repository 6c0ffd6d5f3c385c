#!/usr/bin/env python3
"""Takes a picture of every page: wide (1280) and on a phone (360), by day and by night.

    scripts/screenshots.py FOLDER [PART…]    of all pages, or of those whose address or name holds one of the parts

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
from doubled_shop import DoubledShop  # noqa: E402
from house import PASSWORD, Case, ShopCase  # noqa: E402
from onetimecode import code  # noqa: E402
from pages import addresses  # noqa: E402

PEOPLE = (
    ("Ana Ramos", "processing", "completed"), ("Ioana Petrescu", "on-hold", None),
    ("Maria Silva", "processing", "refunded"), ("Daniel Schmidt", "processing", None),
    ("Yuki Tanaka", "processing", "completed"), ("Lea Bauer", "failed", None), ("Tom Baker", "processing", None))
# What became of the last message to each.
BECAME = {
    "Ana Ramos": ("delivered", "read"), "Ioana Petrescu": ("delivered",), "Daniel Schmidt": ("read",),
    "Yuki Tanaka": ("delivered",), "Lea Bauer": ("failed",)}


class Fresh(Case):
    """A house on its first day."""


class Street(ShopCase):
    """A shop on a busy day."""

    settings = ShopCase.settings | {"site.name": "Button & Bow", "site.currency": "EUR", "site.country": "PT"}

    @classmethod
    def furnish(cls):
        browser = cls.browser
        cls.double = DoubledShop()
        cls.addClassCleanup(cls.double.stop)
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


def picture(browser, folder, title):
    """The page that is open, without asking for it again: some things are shown once."""
    for width, height in ((1280, 900), (360, 740)):
        for theme in ("light", "dark"):
            browser.width(width, height)
            browser.theme(theme)
            browser.picture(folder / f"{title}.{width}.{theme}.png")
    browser.width(1280)
    browser.theme("light")
    print(title, flush=True)


def scenes(browser):
    """What no address leads to: a name for each, and the page is open."""
    browser.open("/admin/shop")
    yield "shop-none"
    connect = browser.form("/admin/shop/connect")
    connect.fill({"address": Street.double.url, "consumer_key": Street.double.key, "consumer_secret": Street.double.secret})
    connect.send("act", "paste")
    yield "shop-connected"
    browser.form("/admin/shop/webhooks").send()
    browser.form("/admin/shop/ping").send()
    yield "shop-with-webhooks"
    browser.open("/admin/tokens").form("/admin/tokens").fill({"name": "till", "scope": "write"}).send()
    yield "token-made"
    browser.open("/admin/users").form("/admin/users/invite").fill({"email": "ben@example.com", "role": "manager"}).send()
    yield "user-invited"
    link = browser.one("#link").get_property("value")
    browser.forget()
    browser.open(link)
    yield "link"
    browser.form("/admin/link").fill({"name": "Ben Ng", "password": PASSWORD}).send()
    yield "second-person"
    browser.open(link)
    yield "link-spent"
    browser.open("/admin/account/second-factor").form("/admin/account/second-factor/begin").send()
    yield "second-factor-begun"
    secret = browser.one("#secret").text
    browser.form("/admin/account/second-factor/on").fill({"code": code(secret)}).send()
    yield "second-factor-on"
    browser.open("/admin/account")
    yield "account-guarded"
    browser.forget()
    browser.open("/admin/login")
    yield "login"
    browser.form("/admin/login").fill({"email": "ben@example.com", "password": PASSWORD}).send()
    yield "login-code"


def main(folder, parts):
    folder.mkdir(parents=True, exist_ok=True)
    try:
        Street.setUpClass()
        Street.furnish()
        browser = Street.browser
        found, _ = addresses(browser, Street.server)
        for page in found + [Street.placed, Street.preferences]:
            if not parts or any(part in page for part in parts):
                browser.open(page)
                picture(browser, folder, name(page))
        for scene in scenes(browser):
            if not parts or any(part in scene for part in parts):
                picture(browser, folder, scene)
    finally:
        Street.doClassCleanups()
    try:
        Fresh.setUpClass()
        if not parts or any(part in "fresh" for part in parts):
            picture(Fresh.browser.open("/admin"), folder, "fresh")
    finally:
        Fresh.doClassCleanups()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
