from house import ShopCase, both


@both
class OrdersAndMessages(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order(1042, name="Ada")
        cls.order(1043, "on-hold", name="Grace", phone="+12025550143")
        cls.order(1044, name="Nobody", phone="123")
        for number in ("1042", "1043", "1044"):
            cls.reload_until("/admin/orders", "tr", number)

    def open_message(self, words):
        link = self.reload_until("/admin/messages", "tr", words).find_element("css selector", "a.strong")
        self.browser.open(link.get_attribute("href"))

    def test_orders_are_found_by_number_name_phone_and_status(self):
        for question, wanted in (("q=1042", "1042"), ("q=grace", "1043"), ("q=202 555 0143", "1043"), ("status=on-hold", "1043")):
            with self.subTest(question=question):
                self.browser.open("/admin/orders?" + question)
                self.assertEqual([row.split()[1] for row in self.browser.read("tbody td:first-child a")], [wanted])

    def test_nothing_found_says_what_to_do(self):
        for page in ("orders", "messages", "contacts"):
            with self.subTest(page=page):
                self.browser.open(f"/admin/{page}?q=zzzz-nobody")
                self.assertEqual(len(self.browser.all(".empty a")), 1)
                self.browser.follow(".empty a")
                self.assertEqual(self.browser.path, f"/admin/{page}")
                self.assertGreater(len(self.browser.all("tbody tr")), 0)

    def test_the_search_at_the_top_finds_the_person_the_order_and_the_message(self):
        self.browser.open("/admin/settings/site").form("/admin/search").fill({"q": "Grace"})
        self.browser.driver.switch_to.active_element.submit()
        self.assertEqual(self.browser.path, "/admin/search?q=Grace")
        for section in ("people", "orders", "messages"):
            self.assertEqual(len(self.browser.all(f"section[aria-labelledby={section}]")), 1, section)

    def test_an_order_tells_what_was_sent_and_why_something_was_not(self):
        self.browser.open("/admin/orders?q=1042").follow("tbody a")
        self.assertIn("Wool, undyed", self.browser.text)
        self.assertEqual(len(self.browser.all("section[aria-labelledby=messages] li .quote")), 1)
        self.browser.open("/admin/orders?q=1044").follow("tbody a")
        self.assertIn("123", self.browser.text)
        self.assertGreater(len(self.browser.all("dd .error")), 0, "what is wrong with the phone is not said")

    def test_a_message_shows_its_trail_and_the_phone_and_is_sent_again(self):
        self.open_message("1043")
        self.assertGreaterEqual(len(self.browser.all("section[aria-labelledby=trail] li")), 2)
        self.assertIn("1043", self.browser.read("aside .bubble-text")[0])
        message = self.browser.path
        self.assertEqual(self.browser.all(f"form[action='{message}/again']"), [], "what arrived is not sent again")

        chat = self.reload_until("/admin/phone", ".chats a", "Grace").get_attribute("href")
        self.browser.form(f"{self.browser.open(chat).path}/status").send("status", "failed")
        self.reload_until(message, ".head .pill", "Failed")
        self.browser.form(f"{message}/again").send()
        self.assertSaid()
        self.reload_until("/admin/messages?q=Grace", "tbody tr:nth-child(2)")

    def test_messages_are_filtered_and_the_filter_is_taken_away(self):
        self.browser.open("/admin/messages")
        everything = len(self.browser.all("tbody tr"))
        form = self.browser.form("/admin/messages")
        form.fill({"q": "Grace"}).enter()
        self.assertIn("q=Grace", self.browser.path)
        self.assertLess(len(self.browser.all("tbody tr")), everything)
        self.browser.follow(".chips .chip")
        self.assertEqual(len(self.browser.all("tbody tr")), everything)

    def test_a_waiting_message_is_called_off(self):
        self.server.command("settings", "set", "sending.paused", "true")
        self.order(1050, name="Waiting", phone="+12025550150")
        self.open_message("Waiting")
        self.browser.form(f"{self.browser.path}/cancel").send()
        self.assertSaid()
        self.assertEqual(self.browser.read(".head .pill"), ["Not sent"])
        self.server.command("settings", "set", "sending.paused", "false")
