"""What the tests stand on: a server of their own, a browser, and an owner who is signed in."""

import sys
import unittest

import shop
from browser import Browser, until
from server import Server

EMAIL = "owner@example.com"
PASSWORD = "a sentence is easiest to remember"


class Case(unittest.TestCase):
    """Tests that share a server. Each fails on anything that the browser's console complains about."""

    script = False
    signed_in = True
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser.shared(cls.script)
        cls.server = Server(cls.settings, owner=(EMAIL, PASSWORD) if cls.signed_in else None)
        cls.addClassCleanup(cls.server.stop)
        cls.browser.begin(cls.server.url)
        if cls.signed_in:
            cls.sign_in()

    def tearDown(self):
        self.assertEqual(self.browser.problems(), [], "the console is not silent")

    @classmethod
    def sign_in(cls, password=PASSWORD):
        cls.browser.open("/admin/login")
        cls.browser.form("/admin/login").fill({"email": EMAIL, "password": password}).send()

    @classmethod
    def reload_until(cls, path, selector, words=""):
        """Opens a page again and again until something on it says these words; the path it leads to."""
        def look():
            cls.browser.open(path)
            return next((each for each in cls.browser.all(selector) if words in each.text), None)
        return until(look, f"{selector} on {path} says {words!r}")

    def assertSaid(self, tone="good"):
        """The page says that it was done."""
        self.assertEqual(len(self.browser.all(f"#main .notice[data-tone={tone}]")), 1, self.browser.text[:400])

    def assertRefused(self, *fields):
        """The form came back with what is wrong at these fields, said twice: at the top and there."""
        self.assertEqual(self.browser.status, 422)
        wrong = [link.get_attribute("href").partition("#")[2] for link in self.browser.all("[role=alert] a")]
        self.assertEqual(wrong, list(fields))
        for field in fields:
            self.assertEqual(self.browser.one(f"[id='{field}']").get_attribute("aria-invalid"), "true")
        self.assertTrue(self.browser.title.startswith("Error:"), self.browser.title)


class ShopCase(Case):
    """With a shop that reports its orders by webhook, and customers who need not be asked."""

    settings = {"woocommerce.webhook_secret": shop.SECRET, "orders.consent": "legitimate_interest"}

    @classmethod
    def order(cls, number, status="processing", name="Ada", phone="+12025550142", minutes=0):
        """The shop reports an order, last changed some minutes from now."""
        shop.report(cls.server, number, status, name, phone, minutes)


def both(case):
    """The same tests once more with script on."""
    name = case.__name__ + "WithScript"
    copy = type(name, (case,), {"script": True, "__module__": case.__module__})
    setattr(sys.modules[case.__module__], name, copy)
    return case
