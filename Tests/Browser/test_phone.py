from browser import until
from form import Form
from house import ShopCase, both


@both
class Phone(ShopCase):
    number = 2000

    def setUp(self):
        """Each test has a person of its own with one message on the phone."""
        kind = type(self)
        kind.number += 1
        self.name = f"Person{kind.number}"
        self.order(kind.number, name=self.name, phone=f"+1202555{kind.number % 100 + 110:04}")
        self.chat = self.reload_until("/admin/phone", ".chats a", self.name).get_attribute("href")
        self.browser.open(self.chat)
        self.path = self.browser.path

    def statuses(self):
        return self.browser.read("#happened .pill")

    def test_an_answer_appears_in_the_chat(self):
        for text, press in (("by the button", Form.send), ("by the Enter key", Form.enter)):
            form = self.browser.form(f"{self.path}/answer", ".phone-write")
            press(form.fill({"text": f"Thank you, *{text}*"}))
            self.assertEqual(self.browser.path, self.path)
            self.assertTrue(self.browser.read(".bubble[data-side=out]")[-1].startswith(f"Thank you, {text}"))
        self.assertEqual(self.browser.read(".bubble[data-side=out] [data-style=bold]"), ["by the button", "by the Enter key"])

    def test_stop_is_heeded(self):
        self.browser.form(f"{self.path}/answer").send("quick", "STOP")
        self.reload_until("/admin/contacts?q=" + self.name, "td[data-label='Order messages'] .pill", "No")
        self.order(self.number, "completed", self.name, f"+1202555{self.number % 100 + 110:04}", minutes=1)
        row = self.reload_until("/admin/messages?q=" + self.name, "tr", "Not sent")
        self.assertIn("Completed", row.text)

    def test_delivered_then_read(self):
        for status, word in (("delivered", "Delivered"), ("read", "Read")):
            self.browser.form(f"{self.path}/status").send("status", status)
            self.reload_until(self.path, "#happened .pill", word)
        message = self.browser.one("#happened li a").get_attribute("href")
        self.browser.open(message)
        self.reload_until(message, ".head .pill", "Read")
        self.assertIn("Delivered to the phone.", self.browser.text)

    def test_a_message_that_could_not_be_delivered(self):
        self.browser.form(f"{self.path}/status").send("status", "failed")
        self.reload_until(self.path, "#happened .pill", "Failed")
        message = self.browser.one("#happened li a").get_attribute("href")
        self.reload_until(message, ".head .pill", "Failed")
        self.assertEqual(len(self.browser.all(".notice[data-tone=bad]")), 1, "what to do about it is not said")


class RefreshingPhone(ShopCase):
    script = True

    def test_a_new_message_appears_by_itself(self):
        self.order(3001, name="Ada")
        chat = self.reload_until("/admin/phone", ".chats a", "Ada").get_attribute("href")
        self.browser.open(chat)
        self.order(3001, "completed", name="Ada", minutes=1)
        until(lambda: len(self.browser.read("#chat .bubble")) == 2, "the second message is in the open chat")
