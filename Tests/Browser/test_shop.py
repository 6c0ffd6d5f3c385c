from browser import until
from house import ShopCase, both


@both
class DemoShop(ShopCase):
    """The five minutes of the README."""

    settings = {}

    def buy(self, first_name, phone, agrees=True):
        """From the shelf to the thanks; the path of the order's own page."""
        browser = self.browser.open("/shop")
        browser.follow(".shelf .article form button")
        browser.open("/shop").follow(".shelf .article:nth-child(2) a")
        browser.form("/shop/cart").fill({"quantity": "2"}).send()
        browser.open("/shop/cart")
        self.assertEqual(len(browser.all(".cart-line")), 2)
        browser.follow("a[href='/shop/checkout']")
        form = browser.form("/shop/checkout")
        form.fill({"first_name": first_name, "last_name": "Example", "country": "US", "phone": phone})
        form.fill({"consent.orders": agrees}).send()
        self.assertTrue(browser.path.startswith("/shop/orders/"), browser.path)
        self.assertIn(first_name, browser.text)
        return browser.path

    def test_a_checkout_that_is_not_complete_keeps_what_was_typed(self):
        self.browser.open("/shop").follow(".shelf .article form button")
        form = self.browser.open("/shop/checkout").form("/shop/checkout")
        form.fill({"first_name": "Ada", "last_name": "", "country": "US", "phone": "12", "consent.orders": True})
        form.unchecked().send()
        self.assertRefused("last_name", "phone")
        self.assertEqual((form.value("first_name"), form.value("phone"), form.value("consent.orders")), ("Ada", "12", True))

    def test_who_agreed_hears_of_the_order_and_of_what_becomes_of_it(self):
        browser = self.browser
        self.buy("Ada", "202 555 0142")
        number = browser.path.split("/")[3].partition("?")[0]
        self.assertIn(number, self.reload_until("/admin/phone", ".chats a", "Ada").text)
        chat = browser.one(".chats a").get_attribute("href")

        browser.open("/admin/demo")
        [form] = browser.all("form[action$='/move']")
        action = form.get_attribute("action").removeprefix(self.server.url)
        browser.form(action).fill({"move": "completed"}).send()
        self.assertSaid()
        until(lambda: len(browser.open(chat).all(".bubble[data-side=in]")) == 2, "the phone shows what followed")
        self.reload_until("/admin/messages?q=Ada", "tbody tr:nth-child(2)")

    def test_who_did_not_agree_hears_nothing_and_the_house_says_why(self):
        self.buy("Silent", "202 555 0143", agrees=False)
        row = self.reload_until("/admin/messages?q=Silent", "tbody tr", "Silent")
        self.assertIn("Waiting", row.text)
        self.assertNotIn("Silent", self.browser.open("/admin/phone").text)

    def test_what_was_only_played_is_removed_with_one_button(self):
        self.buy("Gone", "202 555 0144")
        self.reload_until("/admin/messages?q=Gone", "tbody tr", "Gone")
        self.browser.open("/admin/demo").form("/admin/demo/remove").send()
        self.assertSaid()
        for page in ("orders", "contacts", "messages"):
            with self.subTest(page=page):
                self.assertEqual(self.browser.open(f"/admin/{page}").all("tbody tr"), [])
        self.assertEqual(self.browser.open("/admin/demo").all("form[action$='/move']"), [])
