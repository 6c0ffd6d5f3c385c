from house import ShopCase, both


@both
class Contacts(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order(1042, name="Ada")
        link = cls.reload_until("/admin/contacts", "tr", "Ada").find_element("css selector", "a.strong")
        cls.contact = link.get_attribute("href")

    def test_a_yes_and_then_a_no_are_put_on_record_with_their_reason(self):
        for action, reason, word in (("grant", "said so at the counter", "Yes"), ("withdraw", "called us", "No")):
            self.browser.open(self.contact)
            form = self.browser.form(f"{self.browser.path}/consents", ":has([value=marketing])")
            hidden = self.browser.one(f"{form.selector} [name=action]")
            self.assertEqual(hidden.get_attribute("value"), action)
            form.fill({"reason": reason}).send()
            self.assertSaid()
            [line] = [each for each in self.browser.all("section[aria-labelledby=consents] > ul > li") if "News and offers" in each.text]
            self.assertEqual([pill.text for pill in line.find_elements("css selector", ".pill")], [word])
            self.assertIn(reason, self.browser.read("section[aria-labelledby=history]")[0])

    def test_a_record_without_a_reason_is_refused(self):
        self.browser.open(self.contact)
        form = self.browser.form(f"{self.browser.path}/consents", ":has([value=carts])")
        form.fill({"reason": " "}).unchecked().send()
        self.assertEqual(self.browser.status, 422)

    def test_people_are_found_by_name_and_phone(self):
        for question, count in (("ada", 1), ("exam", 1), ("%2B1 202 555", 1), ("202 555 0142", 1), ("zora", 0)):
            with self.subTest(question=question):
                self.browser.open("/admin/contacts?q=" + question)
                self.assertEqual(len(self.browser.all("tbody tr")), count)
