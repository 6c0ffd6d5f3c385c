import json

from house import ShopCase, both


@both
class Rules(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order(1042, name="Ada")
        cls.order(1043, name="Grace", phone="+12025550143")
        cls.reload_until("/admin/orders", "td", "1043")

    def rule(self, id="processing"):
        self.browser.open(f"/admin/rules/{id}")
        return self.browser.form(f"/admin/rules/{id}")

    def stored(self, id="processing"):
        rules = json.loads(self.server.command("settings", "get", "orders.rules"))
        return next((rule for rule in rules if rule["id"] == id), None)

    def ids(self):
        """Of the rules that the page shows."""
        links = self.browser.open("/admin/rules").all("tr:not(.none) a.strong")
        return {link.get_attribute("href").rpartition("/")[2] for link in links}

    def test_a_rule_is_turned_off_and_on(self):
        for wanted in (False, True):
            self.browser.open("/admin/rules")
            self.browser.form("/admin/rules/processing/switch").send()
            self.assertEqual(self.browser.path, "/admin/rules")
            self.assertEqual(self.stored()["on"], wanted)
            switch = self.browser.one("form[action='/admin/rules/processing/switch'] [role=switch]")
            self.assertEqual(switch.get_attribute("aria-checked"), str(wanted).lower())

    def test_an_edited_text_is_saved_and_shown(self):
        text = "Olá {customer_first_name|there}, *{order_number}* is packed ❤"
        self.rule().fill({"text": text, "delay": "2", "delay_unit": "h"}).send("act", "save")
        self.assertSaid()
        stored = self.stored()
        self.assertEqual(stored["send"]["text"], text)
        self.assertEqual(stored["delay"], "2h")
        self.assertIn("is packed", self.browser.open("/admin/rules").text)

    def test_what_cannot_be_sent_is_refused_and_kept(self):
        before = self.stored("completed")
        form = self.rule("completed").fill({"text": "Hello {customer_frist_name}", "min_total": "a lot"})
        form.send("act", "save")
        self.assertRefused("text", "min_total")
        form = self.browser.form("/admin/rules/completed")
        self.assertEqual((form.value("text"), form.value("min_total")), ("Hello {customer_frist_name}", "a lot"))
        self.assertIn("{customer_first_name}", self.browser.read("#text-error")[0])
        self.assertEqual(self.stored("completed"), before)

    def test_the_phone_shows_the_text_with_the_order_that_was_chosen(self):
        for name, number in (("Ada", "1042"), ("Grace", "1043")):
            form = self.rule("completed")
            options = {option.text: option.get_attribute("value") for option in form.field("order").find_elements("tag name", "option")}
            [chosen] = [value for words, value in options.items() if number in words]
            form.fill({"text": "Dear {customer_first_name}, about *{order_number}*", "order": chosen}).send("act", "preview")
            self.assertEqual(self.browser.status, 200)
            self.assertEqual(self.browser.read("#preview-text"), [f"Dear {name}, about {number}"])
            self.assertEqual(self.browser.read("#preview-text [data-style=bold]"), [number])
            self.assertEqual(form.value("order"), chosen)
        # Looking is not saving.
        self.assertNotIn("Dear", str(self.stored("completed")))

    def test_a_test_goes_to_the_number_that_was_given(self):
        self.rule("cancelled").fill({"text": "Only a test", "test_to": "nobody"}).send("act", "test")
        self.assertRefused("test_to")
        form = self.browser.form("/admin/rules/cancelled")
        self.assertEqual((form.value("text"), form.value("test_to")), ("Only a test", "nobody"))
        form.fill({"test_to": "+1 202 555 0177"}).send("act", "test")
        self.assertSaid()
        self.reload_until("/admin/phone", ".chats a", "Only a test")

    def test_a_new_rule_is_written_and_deleted(self):
        before = self.ids()
        self.browser.open("/admin/rules/new?status=pending")
        form = self.browser.form("/admin/rules/new")
        self.assertEqual(form.value("status"), "pending")
        form.fill({"text": "Still waiting for you", "countries": "PT, ES", "on": True}).send("act", "save")
        self.assertSaid()
        [id] = self.ids() - before
        self.assertEqual(self.stored(id)["when"]["countries"], ["PT", "ES"])
        self.browser.open(f"/admin/rules/{id}").form(f"/admin/rules/{id}/delete").send()
        self.assertEqual(self.browser.path, "/admin/rules")
        self.assertIsNone(self.stored(id))
