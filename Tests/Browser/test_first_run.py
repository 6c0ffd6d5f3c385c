from house import EMAIL, PASSWORD, Case, both


@both
class FirstRun(Case):
    signed_in = False

    def test_the_printed_link_leads_to_an_account_and_a_page_that_says_what_to_do_next(self):
        browser = self.browser.open(self.server.start_link)
        self.assertEqual(browser.status, 200)
        form = browser.form("/admin/start")
        form.fill({"site_name": "Button & Bow", "email": EMAIL, "password": "too short"}).unchecked().send()
        self.assertRefused("password")
        self.assertEqual((form.value("site_name"), form.value("email")), ("Button & Bow", EMAIL))
        form.fill({"password": PASSWORD}).send()

        self.assertEqual((browser.path, browser.status), ("/admin", 200))
        self.assertIn("Button & Bow", browser.title)
        steps = browser.all(".todo li:not(.done) a")
        self.assertGreater(len(steps), 0, "nothing says what to do next")
        for address in [step.get_attribute("href") for step in steps]:
            with self.subTest(step=address):
                self.assertEqual(browser.open(address).status, 200)

        # The link has done its work.
        browser.open(self.server.start_link)
        self.assertEqual(browser.all("form[action='/admin/start']"), [])
