import re

from form import Form
from house import ShopCase, both


@both
class Preferences(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.command(
            "settings", "set", "orders.rules",
            '[{"id":"processing","status":"processing","on":true,"purpose":"orders","delay":"0s",'
            '"send":{"text":"Thanks. No more of these: {unsubscribe_url}"}}]')
        cls.order(1042, name="Ada")
        cls.browser.open(cls.reload_until("/admin/phone", ".chats a", "Ada").get_attribute("href"))
        [cls.link] = re.findall(r"http\S+/u/\S+", cls.browser.read(".bubble[data-side=in] .bubble-text")[0])
        cls.contact = cls.reload_until("/admin/contacts", "tbody a.strong").get_attribute("href")
        # A customer is nobody here.
        cls.session = cls.browser.driver.get_cookies()

    def recorded(self):
        """What the house knows about what the person agreed to."""
        for cookie in self.session:
            self.browser.driver.add_cookie(cookie)
        found = self.browser.open(self.contact).read("section[aria-labelledby=consents] .pill, section[aria-labelledby=history] li")
        self.browser.forget()
        return found

    def form(self):
        self.browser.forget()
        return Form(self.browser.open(self.link), "form[method=post]")

    def test_looking_changes_nothing(self):
        before = self.recorded()
        for _ in range(2):
            self.form()
            self.assertEqual(self.browser.status, 200)
        self.assertNotIn("Ada", self.browser.driver.page_source)
        self.assertNotIn("5550142", self.browser.driver.page_source)
        self.assertEqual(self.recorded(), before)

    def test_switches_are_kept(self):
        for wanted in (True, False):
            self.form().fill({"marketing": wanted}).send()
            self.assertEqual(self.browser.status, 200)
            self.assertEqual(len(self.browser.all(".notice[data-tone=good]")), 1)
            self.assertEqual(self.form().value("marketing"), wanted)

    def test_one_button_stops_everything(self):
        form = self.form()
        form.send("all", "off")
        form = self.form()
        self.assertFalse(any(form.value(each.get_attribute("id")) for each in self.browser.all("form [type=checkbox]")))

    def test_an_unknown_link_says_so_kindly(self):
        self.browser.open("/u/" + "x" * 43)
        self.assertEqual(self.browser.status, 404)
        self.assertIn("STOP", self.browser.text)
