import sqlite3

from house import PASSWORD, Case, both

SECRET = "a-token-of-our-own-ending-in-4f2a"


@both
class Settings(Case):
    def tab(self, name):
        self.browser.open(f"/admin/settings/{name}")
        return self.browser.form(f"/admin/settings/{name}")

    def test_each_tab_is_saved_as_it_stands(self):
        self.browser.open("/admin/settings/site")
        tabs = [tab.get_attribute("href") for tab in self.browser.all("nav.views a")]
        self.assertGreaterEqual(len(tabs), 5)
        for address in tabs:
            name = address.rpartition("/")[2]
            with self.subTest(tab=name):
                before = self.server.command("settings", "list")
                self.browser.open(address)
                self.assertEqual(self.browser.read("nav.views [aria-current=page]"), [self.browser.read("form h2")[0]])
                self.browser.form(f"/admin/settings/{name}").send()
                self.assertEqual(self.browser.path, f"/admin/settings/{name}")
                self.assertSaid()
                self.assertEqual(self.server.command("settings", "list"), before)

    def test_a_saved_value_is_there_for_the_program_and_the_page(self):
        self.tab("site").fill({"site.name": "Button & Bow <1>"}).send()
        self.assertSaid()
        self.assertEqual(self.server.command("settings", "get", "site.name").strip(), "Button & Bow <1>")
        self.assertEqual(self.browser.form("/admin/settings/site").value("site.name"), "Button & Bow <1>")
        self.assertIn("Button & Bow <1>", self.browser.title)

    def test_a_bad_value_is_refused_where_it_stands_and_nothing_is_lost(self):
        before = self.server.command("settings", "list")
        self.tab("site").fill({"site.name": "Not yet", "site.timezone": "Mars/Olympus"}).send()
        self.assertRefused("site.timezone")
        form = self.browser.form("/admin/settings/site")
        self.assertEqual((form.value("site.name"), form.value("site.timezone")), ("Not yet", "Mars/Olympus"))
        self.assertEqual(self.server.command("settings", "list"), before)

    def test_a_duration_is_typed_as_number_and_unit(self):
        self.tab("sending").fill({"sending.max_age": "36", "sending.max_age.unit": "h"}).send()
        self.assertSaid()
        self.assertEqual(self.server.command("settings", "get", "sending.max_age").strip(), "36h")
        form = self.tab("sending")
        self.assertEqual((form.value("sending.max_age"), form.value("sending.max_age.unit")), ("36", "h"))

    def test_a_switch_is_turned_on_and_off(self):
        for on in (True, False):
            self.tab("sending").fill({"sending.paused": on}).send()
            self.assertEqual(self.server.command("settings", "get", "sending.paused").strip(), str(on).lower())
            self.assertEqual(self.browser.form("/admin/settings/sending").value("sending.paused"), on)
            self.assertEqual(self.browser.read(".house"), ["Paused" if on else "Sandbox"])

    def test_another_channel_is_chosen_after_what_it_cannot_send_was_listed(self):
        channel = lambda: self.server.command("settings", "get", "sending.channel").strip()
        self.tab("sending").fill({"sending.channel": "meta"}).send()
        self.assertRefused("sending.channel")
        rules = self.browser.all("[aria-labelledby=objections] a[href^='/admin/rules/']")
        self.assertGreaterEqual(len(rules), 5)
        self.assertEqual(channel(), "sandbox")
        if self.script:
            self.assertEqual(self.browser.axe(), [])
        form = self.browser.form("/admin/settings/sending")
        self.assertEqual(form.value("sending.channel"), "meta")
        form.send("confirmed", "meta")
        self.assertSaid()
        self.assertEqual(channel(), "meta")
        # Back home nothing is lost, so nothing is asked.
        self.tab("sending").fill({"sending.channel": "sandbox"}).send()
        self.assertSaid()
        self.assertEqual(channel(), "sandbox")

    def test_a_secret_is_set_replaced_and_forgotten_and_never_shown(self):
        shown = lambda: self.server.command("settings", "get", "meta.access_token").strip()
        for secret in (SECRET, "another-" + SECRET[:-4] + "77b1"):
            self.tab("meta").fill({"meta.access_token": secret}).send()
            self.assertSaid()
            self.assertIn(secret[-4:], self.browser.text)
            self.assertNotIn(secret, self.browser.driver.page_source)
            self.assertEqual(shown(), "(set)")
        # Left empty it stays, whatever else is saved.
        self.tab("meta").fill({"meta.phone_number_id": "1234567890"}).send()
        self.assertSaid()
        self.assertEqual(shown(), "(set)")
        self.tab("meta").fill({"meta.access_token.forget": True}).send()
        self.assertSaid()
        self.assertNotEqual(shown(), "(set)")

    def test_a_secret_is_not_changed_without_the_password_after_a_while_and_nothing_typed_is_lost(self):
        # As if the password had been given long ago.
        with sqlite3.connect(self.server.data / "cartwright.db", timeout=20) as database:
            database.execute("UPDATE sessions SET confirmed_at = 0")
        database.close()
        self.tab("meta").fill({"meta.app_secret": SECRET, "meta.waba_id": "2222"}).send()
        self.assertEqual(self.browser.path, "/admin/settings/meta")
        self.assertNotIn(SECRET, self.browser.driver.page_source)
        if self.script:
            self.assertEqual(self.browser.axe(), [])
        form = self.browser.form("/admin/settings/meta")
        form.fill({"confirm.password": "not that one"}).send()
        self.assertRefused("confirm-password")
        self.assertNotIn(SECRET, self.browser.driver.page_source)
        self.assertNotEqual(self.server.command("settings", "get", "meta.app_secret").strip(), "(set)")
        form.fill({"confirm.password": PASSWORD}).send()
        self.assertSaid()
        self.assertEqual(self.server.command("settings", "get", "meta.app_secret").strip(), "(set)")
        self.assertEqual(self.server.command("settings", "get", "meta.waba_id").strip(), "2222")

    def test_an_id_of_meta_is_digits_alone(self):
        self.tab("meta").fill({"meta.phone_number_id": "+1 202 555 0141"}).send()
        self.assertRefused("meta.phone_number_id")
        self.assertEqual(self.browser.form("/admin/settings/meta").value("meta.phone_number_id"), "+1 202 555 0141")

    def test_saving_one_tab_leaves_the_others(self):
        self.server.command("settings", "set", "sending.max_age", "12h")
        self.server.command("settings", "set", "meta.waba_id", "4711")
        self.tab("site").fill({"site.country": "PT"}).send()
        self.assertSaid()
        self.assertEqual(self.server.command("settings", "get", "sending.max_age").strip(), "12h")
        self.assertEqual(self.server.command("settings", "get", "meta.waba_id").strip(), "4711")
