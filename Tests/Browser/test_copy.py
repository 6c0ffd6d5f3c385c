"""A data folder that was copied while its server was stopped, and started on the copy."""

from house import EMAIL, PASSWORD, ShopCase, both
from server import Server
from test_pages import Sound

# A channel that would reach people, if it were asked to: nobody listens there.
CHANNEL = {
    "meta.graph_url": "http://127.0.0.1:9", "meta.phone_number_id": "106540352242922", "meta.access_token": "nobody's",
    "sending.channel": "meta",
}


@both
class Copy(Sound, ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order(1042, name="Ada")
        cls.reload_until("/admin/phone", ".chats a", "Ada")
        original = cls.server
        original.end()
        cls.server = Server(CHANNEL, owner=(EMAIL, PASSWORD), copied_from=original)
        cls.addClassCleanup(cls.server.stop)
        cls.browser.begin(cls.server.url)
        cls.sign_in()

    def test_it_sends_nothing_until_the_owner_says_that_it_is_the_live_one(self):
        for page in ("/admin", "/admin/orders", "/admin/settings/site"):
            self.browser.open(page)
            self.assertIn("This may be a copy of your shop’s database", self.browser.one("#main .notice").text)
        self.order(1043, name="Grace", phone="+12025550143")
        self.reload_until("/admin/messages", "tbody tr", "Grace")
        self.browser.follow("tbody a.strong")
        message = self.browser.path
        self.reload_until(message, "main", "an owner has not decided yet")

        # axe is a script itself.
        if self.script:
            self.assertAccessible("/admin/instance")
        for width in (360, 1280):
            self.browser.width(width)
            self.assertIsNone(self.browser.open("/admin/instance").overflow())
        self.assertIn("1 message", self.browser.text)
        form = "form[action$='/confirm']"
        self.assertTrue(self.browser.one(form + " [value=cancel]").is_selected())
        self.browser.press(self.browser.one(form + " button"))
        self.assertSaid()
        self.assertNotIn("This may be a copy", self.browser.open("/admin").text)
        self.assertIn("may have been sent from elsewhere", self.browser.open(message).text)

        self.server.command("settings", "set", "sending.channel", "sandbox")
        self.order(1044, name="Barbara", phone="+12025550144")
        self.reload_until("/admin/phone", ".chats a", "Barbara")
        self.assertNotIn("Grace", self.browser.text)
