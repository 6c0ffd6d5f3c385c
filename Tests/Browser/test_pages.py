"""Every page of the house: it opens, is silent, fits a phone, weighs little, and axe-core finds nothing wrong with it."""

import unittest

import shop
from house import Case, ShopCase, both
from pages import addresses

LIMIT = 50_000
# The key of a word that the catalogue does not have is shown in its place.
NAMELESS = r"(?<![\w.])(?:account|admin|audit|code|confirm|contacts?|dashboard|deliver(?:y|ies)|demoshop|messages?|plugins?|rules?|sandbox|second|settings?|tokens?|users?)\.[a-z]\w*"


class Furnished(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, (name, status) in enumerate((("Ada", "processing"), ("Grace", "on-hold"), ("Konstantina-Alexandra", "completed"))):
            cls.order(1042 + number, status, name, f"+1202555014{number}")
            cls.reload_until("/admin/phone", ".chats a", name)
        shop.post(cls.server, {"id": 1}, secret="not that one")
        cls.browser.open("/shop").follow(".shelf .article form button")
        cls.pages, cls.unseen = addresses(cls.browser, cls.server)

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
            self.assertNotRegex(self.browser.text, r"\{\{|\}\}|\b(?:nil|undefined|Optional)\b")
            self.assertNotRegex(self.browser.text, NAMELESS, "a word is missing")
            self.assertEqual(self.browser.problems(), [])
        self.each(check)

    def test_each_page_of_the_sidebar_is_marked_there(self):
        self.browser.open("/admin")
        for link in [each.get_attribute("href") for each in self.browser.all("nav.sidebar .nav a")]:
            with self.subTest(page=link):
                self.browser.open(link)
                self.assertEqual(len(self.browser.all("nav.sidebar [aria-current=page]")), 1)

    def test_a_page_beneath_one_of_the_sidebar_marks_it_and_others_mark_none(self):
        for page, marked in (
            ("/admin/settings/sending", ["Settings"]), ("/admin/rules/processing", ["Notification rules"]),
            ("/admin/search", []), ("/admin/orders?q=Ada", ["Orders"]),
        ):
            with self.subTest(page=page):
                self.assertEqual(self.browser.open(page).read("nav.sidebar [aria-current=page]"), marked)

    def test_all_work_has_a_name(self):
        for view in ("/admin/jobs", "/admin/jobs?state=done"):
            names = self.browser.open(view).read("tbody .strong")
            self.assertTrue(names)
            self.assertEqual([name for name in names if "." in name], [], view)

    def test_nothing_sticks_out_and_nothing_is_cut_off_on_a_screen_of_any_width(self):
        def check(address):
            self.browser.open(address)
            for width in (360, 480, 600, 768, 1024, 1280):
                self.browser.width(width, 740)
                self.assertIsNone(self.browser.overflow(), width)
                self.assertEqual(self.browser.cut_off(), [], width)
        try:
            self.each(check)
        finally:
            self.browser.width(1280)


class Sound(unittest.TestCase):
    """What is asked of each page that a person may see."""

    def assertAccessible(self, address):
        """For axe-core: on a wide screen and on a phone, by day and by night. What the theme changes are colours alone."""
        for width, themes in ((1280, ("light", "dark")), (360, ("dark", "light"))):
            self.browser.width(width)
            self.browser.theme(themes[0])
            self.assertEqual(self.browser.open(address).axe(), [], f"{width} {themes[0]}")
            self.browser.theme(themes[1])
            self.assertEqual(self.browser.axe(only=["color-contrast"]), [], f"{width} {themes[1]}")

    def assertLight(self, address):
        """With an empty cache, as it comes over the wire."""
        files = self.browser.weigh(address)
        counted = {file: size for (kind, file), size in files.items() if kind in ("Document", "Stylesheet", "Script")}
        self.assertTrue(counted and all(counted.values()), counted)
        self.assertLess(sum(counted.values()), LIMIT, counted)


class SoundPages(Sound, Furnished):
    script = True

    def test_axe_finds_nothing_wrong(self):
        self.each(self.assertAccessible)

    def test_no_page_of_the_admin_is_left_out(self):
        self.assertEqual(self.unseen, [], "no link leads there in this house")

    def test_each_page_weighs_little(self):
        self.each(self.assertLight)


class OpenPages(Sound, Case):
    script = True
    signed_in = False

    def test_pages_for_who_is_not_signed_in_are_as_sound(self):
        for address in (self.server.start_link, "/admin/login", "/admin/nothing-here", "/shop"):
            with self.subTest(page=address):
                self.assertAccessible(address)
                self.assertIsNone(self.browser.overflow())
                self.assertLight(address)
