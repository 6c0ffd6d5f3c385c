from house import EMAIL, PASSWORD, Case, both


@both
class SignIn(Case):
    def setUp(self):
        self.browser.forget()

    def test_a_wrong_password_is_refused_and_the_typed_email_kept(self):
        self.sign_in("not that one at all")
        self.assertRefused("password")
        form = self.browser.form("/admin/login")
        self.assertEqual((form.value("email"), form.value("password")), (EMAIL, ""))

    def test_who_is_not_signed_in_is_asked_to_and_then_brought_to_the_page(self):
        browser = self.browser.open("/admin/settings/sending")
        self.assertEqual(browser.path, "/admin/login?next=/admin/settings/sending")
        browser.form("/admin/login").fill({"email": EMAIL, "password": PASSWORD}).send()
        self.assertEqual((browser.path, browser.status), ("/admin/settings/sending", 200))

    def test_who_signs_out_is_asked_again(self):
        self.sign_in()
        self.assertEqual(self.browser.path, "/admin")
        self.browser.open("/admin/settings/site").form("/admin/logout").send()
        self.assertEqual(self.browser.path, "/admin/login")
        self.assertTrue(self.browser.open("/admin/settings/site").path.startswith("/admin/login"))
