"""Every page of the house: it opens, is silent, fits a phone, weighs little, and axe-core finds nothing wrong with it."""

import shop
from house import ShopCase, both
from pages import addresses

LIMIT = 50_000


class Furnished(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, (name, status) in enumerate((("Ada", "processing"), ("Grace", "on-hold"), ("Konstantina-Alexandra", "completed"))):
            cls.order(1042 + number, status, name, f"+1202555014{number}")
            cls.reload_until("/admin/phone", ".chats a", name)
        shop.post(cls.server, {"id": 1}, secret="not that one")
        cls.browser.open("/shop").follow(".shelf .article form button")
        cls.pages = addresses(cls.browser)

    def each(self, check):
        for address in self.pages:
            with self.subTest(page=address):
                check(address)


@both
class Pages(Furnished):
    def test_each_page_opens_and_says_what_it_is(self):
        def check(address):
            status = self.browser.open(address).status
            self.assertEqual(status, 404 if address in ("/admin/nothing-here", "/u/nobody") else 200)
            self.assertEqual(len(self.browser.all("h1")), 1)
            self.assertEqual(len(self.browser.all("main")), 1)
            self.assertNotRegex(self.browser.text, r"\{\{|\}\}|\b(?:nil|null|undefined|Optional)\b")
            self.assertEqual(self.browser.problems(), [])
        self.each(check)

    def test_each_page_of_the_sidebar_is_marked_there(self):
        self.browser.open("/admin")
        for link in [each.get_attribute("href") for each in self.browser.all("nav.sidebar .nav a")]:
            with self.subTest(page=link):
                self.browser.open(link)
                self.assertEqual(len(self.browser.all("nav.sidebar [aria-current=page]")), 1)

    def test_no_page_is_wider_than_a_phone(self):
        self.browser.width(360, 740)
        try:
            self.each(lambda address: self.assertIsNone(self.browser.open(address).overflow()))
        finally:
            self.browser.width(1280)


class PagesUnderTheLens(Furnished):
    script = True

    def test_axe_finds_nothing_wrong_by_day_and_by_night(self):
        for theme in ("light", "dark"):
            self.browser.theme(theme)
            self.each(lambda address: self.assertEqual(self.browser.open(address).axe(), [], theme))

    def test_axe_finds_nothing_wrong_on_a_phone(self):
        self.browser.theme("light")
        self.browser.width(360, 740)
        try:
            self.each(lambda address: self.assertEqual(self.browser.open(address).axe(), []))
        finally:
            self.browser.width(1280)

    def test_each_page_weighs_little(self):
        def check(address):
            files = self.browser.weigh(address)
            counted = {file: size for (kind, file), size in files.items() if kind in ("Document", "Stylesheet", "Script")}
            self.assertTrue(all(counted.values()), counted)
            self.assertLess(sum(counted.values()), LIMIT, counted)
        self.each(check)
