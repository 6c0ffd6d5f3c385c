import shop
from house import ShopCase, both


@both
class Deliveries(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order(1042)
        cls.reload_until("/admin/orders", "td", "1042")
        if shop.post(cls.server, {"id": 1}, secret="not that one") != 401:
            raise AssertionError("a forged delivery was taken")

    def test_a_delivery_is_shown_as_it_came_in_and_without_its_signature(self):
        self.browser.open("/admin/deliveries").follow("tbody a.strong")
        self.assertIn("Ada", self.browser.read("#body")[0])
        headers = self.browser.read("details dt")
        self.assertIn("x-wc-webhook-topic", [header.lower() for header in headers])
        self.assertNotIn("x-wc-webhook-signature", [header.lower() for header in headers])

    def test_a_delivery_is_worked_again(self):
        self.browser.open("/admin/deliveries").follow("tbody a.strong")
        self.browser.form(f"{self.browser.path}/replay").send()
        self.assertSaid()
        self.browser.open("/admin/orders")
        self.assertEqual(len(self.browser.all("tbody tr")), 1)

    def test_what_was_refused_is_counted(self):
        self.browser.open("/admin/deliveries")
        self.assertEqual(len(self.browser.all("section[aria-labelledby=refused] tbody tr")), 1)
