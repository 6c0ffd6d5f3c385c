from browser import until
from doubled_shop import DoubledShop
from house import EMAIL, PASSWORD, Case, both


@both
class Connect(Case):
    """From a fresh start to a shop whose orders bring messages."""

    signed_in = False
    settings = {"orders.consent": "legitimate_interest", "woocommerce.poll": "1s"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = DoubledShop()
        cls.addClassCleanup(cls.shop.stop)
        form = cls.browser.open(cls.server.start_link).form("/admin/start")
        form.fill({"site_name": "Button & Bow", "email": EMAIL, "password": PASSWORD}).send()

    def setUp(self):
        """Each test begins without a shop."""
        self.shop.tell("picky", on=False)
        self.shop.tell("lose", on=False)
        self.browser.open("/admin/shop")
        if self.browser.all("form[action='/admin/shop/disconnect']"):
            self.browser.form("/admin/shop/disconnect").send()

    def connect(self):
        form = self.browser.open("/admin/shop").form("/admin/shop/connect")
        # This server is not known by https, so the shop would not hand its keys over.
        self.assertIn("https", self.browser.text)
        form.fill({"address": self.shop.url + "/wp-admin/", "consumer_key": self.shop.key,
                   "consumer_secret": self.shop.secret}).send("act", "paste")
        self.assertSaid()
        self.assertIn("WooCommerce 11", self.browser.text)

    def arrives(self, name, phone):
        """An order of this person in the shop becomes a message on the phone."""
        self.shop.tell("orders", first_name=name, phone=phone)
        self.assertTrue(until(
            lambda: name in self.browser.open("/admin/messages").text, f"a message to {name}", seconds=60))

    def test_a_fresh_start_leads_to_a_shop_with_webhooks(self):
        """The first of them: once an order came, nobody is led any more."""
        self.browser.open("/admin")
        step = next(each for each in self.browser.all(".todo li a") if each.get_attribute("href").endswith("/admin/shop"))
        self.browser.open(step.get_attribute("href"))
        self.connect()
        # WordPress would refuse our address: that is said before any webhook is made, and the owner may know better.
        self.assertEqual(len(self.browser.all("#obstacle, #silence")), 1)
        self.assertEqual(self.shop.webhooks, [])
        self.browser.form("/admin/shop/webhooks").send()
        self.assertSaid()
        self.assertEqual(set(self.browser.read("#webhooks tbody .pill")), {"On"})
        self.browser.form("/admin/shop/ping").send()
        self.assertIn("it did", self.browser.one("#ping").text)
        self.arrives("Wendela", "+12025550151")
        self.browser.width(360)
        self.assertIsNone(self.browser.open("/admin/shop").overflow())
        self.browser.width(1280)

    def test_by_the_poll_alone_where_webhooks_cannot_arrive(self):
        self.shop.tell("picky", on=True)
        self.connect()
        self.assertIn("Orders come all the same", self.browser.text)
        self.assertEqual(self.shop.webhooks, [])
        self.arrives("Paula", "+12025550152")
        # Made all the same, they are not heard of, and that is said.
        self.browser.open("/admin/shop").form("/admin/shop/webhooks").send()
        self.browser.form("/admin/shop/ping").send()
        self.assertIn("nothing came", self.browser.one("#ping").text)
        self.assertEqual(len(self.browser.all("#silence")), 1)

    def test_a_wrong_address_is_said_at_its_field(self):
        form = self.browser.open("/admin/shop").form("/admin/shop/connect")
        form.fill({"address": "owner@shop.example"}).unchecked().send("act", "paste")
        self.assertRefused("address")
        self.assertEqual(self.browser.form("/admin/shop/connect").value("address"), "owner@shop.example")
