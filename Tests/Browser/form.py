"""Forms, filled in and sent as a person does."""

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select


class Form:
    """A form on the page that is open, looked up anew for each step."""

    def __init__(self, browser, selector):
        self.browser = browser
        self.selector = selector

    def field(self, name):
        """The last visible field of that name: a switch has a hidden one before it. It may stand outside the form."""
        form = self.browser.one(self.selector)
        found = form.find_elements(By.CSS_SELECTOR, f"[name='{name}']:not([type=hidden])")
        if not found and form.get_attribute("id"):
            found = self.browser.all(f"[form='{form.get_attribute('id')}'][name='{name}']")
        if not found:
            raise AssertionError(f"{self.browser.path}: {self.selector} has no field {name}")
        return found[-1]

    def value(self, name):
        field = self.field(name)
        return field.is_selected() if field.get_attribute("type") == "checkbox" else field.get_property("value")

    def fill(self, values):
        for name, value in values.items():
            field = self.field(name)
            reveal(field)
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            elif field.get_attribute("type") == "radio":
                self.browser.one(f"{self.selector} [name='{name}'][value='{value}']").click()
            elif field.get_attribute("type") == "checkbox":
                if field.is_selected() != value:
                    field.click()
            else:
                field.clear()
                field.send_keys(value)
        return self

    def unchecked(self):
        """As a browser would treat it that does not know `required` and its like: the server has to look for itself."""
        self.browser.driver.execute_script("arguments[0].noValidate = true", self.browser.one(self.selector))
        return self

    def send(self, name=None, value=None):
        """Presses its button: the one of that name and value, or the first."""
        wanted = "button" + (f"[name='{name}']" if name else ":not([type=button])") + (f"[value='{value}']" if value else "")
        for _ in range(5):
            try:
                form = self.browser.one(self.selector)
                buttons = form.find_elements(By.CSS_SELECTOR, wanted)
                if not buttons and form.get_attribute("id"):
                    buttons = self.browser.all(f"{wanted}[form='{form.get_attribute('id')}']")
                if not buttons:
                    raise AssertionError(f"{self.browser.path}: {self.selector} has no {wanted}")
                return self.browser.press(buttons[0])
            except StaleElementReferenceException:
                # A part of the page was exchanged between looking and pressing.
                continue
        raise AssertionError(f"{self.selector} on {self.browser.path} does not stand still")

    def enter(self):
        """Presses the Enter key in the field that was filled in last."""
        page = self.browser.one("html")
        self.browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
        return self.browser.arrive(page, "the Enter key")


def reveal(element):
    """Opens what the element is folded away in, as a person would."""
    for fold in element.find_elements(By.XPATH, "ancestor::details[not(@open)]"):
        fold.find_element(By.TAG_NAME, "summary").click()
    if not element.is_displayed():
        dialogs = element.find_elements(By.XPATH, "ancestor::dialog[@id]")
        for dialog in dialogs:
            opener = element.parent.find_element(By.CSS_SELECTOR, f"a[href='#{dialog.get_attribute('id')}']")
            opener.click()
