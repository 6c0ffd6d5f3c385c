from house import Case, both


@both
class Plugins(Case):
    def test_a_plugin_is_turned_off_and_on_and_its_pages_with_it(self):
        for action, there in (("deactivate", False), ("activate", True)):
            self.browser.open("/admin/plugins")
            [form] = [each for each in self.browser.all(f"form[action$='/{action}']") if "demoshop" in each.get_attribute("action").lower()]
            self.browser.press(form.find_element("css selector", "button"))
            self.assertEqual(self.browser.path, "/admin/plugins")
            self.assertSaid()
            self.assertEqual(self.browser.open("/shop").status, 200 if there else 404)
            self.browser.open("/admin/plugins")
            self.assertEqual(bool(self.browser.all("nav a[href='/admin/demo']")), there)
