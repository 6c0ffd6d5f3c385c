from house import Case, both
from onetimecode import code

BEN = "ben@example.com"
OWN = "a password of his very own"


@both
class People(Case):
    """One person's way, from the invitation to the second factor and back to the password alone."""

    def test_somebody_is_invited_guards_the_account_and_comes_in_by_code(self):
        browser = self.browser
        browser.open("/admin/users").form("/admin/users/invite").fill({"email": BEN, "role": "manager"}).send()
        link = browser.one("#link").get_property("value")
        self.assertIn("/admin/link?token=", link)
        self.assertEqual(browser.open("/admin/users").all("#link"), [], "shown once")

        # Ben, in a browser of his own.
        browser.forget()
        browser.open(link)
        self.assertAccessible()
        form = browser.form("/admin/link")
        form.fill({"name": "Ben Ng", "password": "short"}).unchecked().send()
        self.assertRefused("password")
        self.assertEqual(browser.form("/admin/link").value("name"), "Ben Ng")
        browser.form("/admin/link").fill({"password": OWN}).send()
        self.assertEqual(browser.path, "/admin")
        self.assertEqual(browser.open(link).status, 404)

        # He turns the second factor on.
        browser.open("/admin/account/second-factor")
        browser.form("/admin/account/second-factor/begin").send()
        self.assertEqual(len(browser.all(".qr svg")), 1)
        self.assertAccessible()
        secret = browser.one("#secret").text
        browser.form("/admin/account/second-factor/on").fill({"code": "000000"}).send()
        self.assertRefused("code")
        self.assertEqual(browser.one("#secret").text, secret)
        browser.form("/admin/account/second-factor/on").fill({"code": code(secret, steps=-1)}).send()
        papers = browser.read("#codes-list li")
        self.assertEqual(len(set(papers)), 10)
        self.assertAccessible()
        self.assertEqual(browser.follow("main a.button.main").all("#codes-list"), [], "shown once")

        # He signs out and in, with the code.
        browser.open("/admin/account").form("/admin/logout").send()
        self.sign_in_as(BEN, OWN)
        self.assertEqual(browser.path, "/admin/login/code?next=/admin")
        self.assertEqual(browser.one("#code").get_attribute("autocomplete"), "one-time-code")
        self.assertAccessible()
        browser.form("/admin/login/code").fill({"code": "nothing"}).send()
        self.assertRefused("code")
        browser.form("/admin/login/code").fill({"code": code(secret)}).send()
        self.assertEqual(browser.path, "/admin")

        # And once more, with one of the codes on paper; it is used up with that.
        browser.forget()
        self.sign_in_as(BEN, OWN)
        browser.form("/admin/login/code").fill({"code": papers[0]}).send()
        self.assertEqual(browser.path, "/admin")
        self.assertIn("9 recovery codes are left", browser.open("/admin/account/second-factor").text)

        # The device before this one is still signed in: he ends that.
        browser.open("/admin/account")
        self.assertEqual(len(browser.all("form[action$='/end']")), 1)
        browser.press(browser.one("form[action$='/end'] button"))
        self.assertSaid()
        self.assertEqual(browser.all("form[action$='/end']"), [])

        # The owner helps him out of the second factor.
        browser.forget()
        self.sign_in()
        browser.open("/admin/users")
        browser.press(next(each for each in browser.all("tbody a.strong") if each.text == "Ben Ng"))
        browser.press(browser.one("form[action$='/second-factor-off'] button"))
        self.assertSaid()
        browser.open("/admin/audit?kind=user")
        self.assertIn(f"Turned the second factor of {BEN} off.", browser.text)

    def test_a_key_is_shown_once_and_a_person_is_removed_after_a_question(self):
        browser = self.browser
        self.server.command("user", "add", "--email", "cleo@example.com", "--role", "viewer", "--password-stdin", text=OWN)
        browser.open("/admin/tokens").form("/admin/tokens").fill({"name": "till", "scope": "write"}).send()
        key = browser.one("#made").get_property("value")
        self.assertTrue(key.startswith("cw_"))
        self.assertNotIn(key, browser.open("/admin/tokens").driver.page_source)

        browser.open("/admin/users")
        browser.press(next(each for each in browser.all("tbody a.strong") if "cleo" in each.text))
        browser.form(browser.path + "/remove").send()
        self.assertEqual(browser.path, "/admin/users")
        self.assertNotIn("cleo@example.com", " ".join(browser.read("tbody")))

    def sign_in_as(self, email, password):
        self.browser.open("/admin/login").form("/admin/login").fill({"email": email, "password": password}).send()

    def assertAccessible(self):
        """Where script runs axe-core looks at the page that is open, wide by day and narrow by night."""
        self.browser.width(360, 740)
        self.assertIsNone(self.browser.overflow())
        if self.script:
            self.browser.theme("dark")
            self.assertEqual(self.browser.axe(), [], "360 dark")
            self.browser.theme("light")
        self.browser.width(1280)
        if self.script:
            self.assertEqual(self.browser.axe(), [], "1280 light")
