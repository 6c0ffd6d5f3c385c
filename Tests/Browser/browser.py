"""A headless Chromium, driven in the words of a person: open, follow, fill in, send."""

import atexit
import base64
import functools
import json
import pathlib
import sys
import time
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 20


def until(check, what, seconds=PATIENCE):
    """Asks again until `check` answers with something true; what it answered."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} seconds: {what}")
        time.sleep(0.1)


class Browser:
    """One Chromium window. Without `script` the pages' own scripts do not run."""

    @staticmethod
    @functools.cache
    def shared(script):
        """One for all tests: starting it takes a second."""
        browser = Browser(script)
        atexit.register(browser.driver.quit)
        return browser

    def __init__(self, script):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu", "hide-scrollbars"):
            options.add_argument("--" + argument)
        if not script:
            options.add_argument("--blink-settings=scriptEnabled=false")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.script = script
        self.base = ""
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(PATIENCE)
        self.width(1280)

    # Looks

    def width(self, pixels, height=900):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def theme(self, name):
        """`light` or `dark`, as the person's system asks for."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    # Going somewhere

    def begin(self, base):
        """A new person at a new server: no cookies, no cache, nothing logged."""
        self.base = base
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        self.width(1280)
        self.theme("light")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self._problems = []
        self._answers = []

    def open(self, address):
        """Goes to a path of the server, or to a whole address."""
        self.driver.get(address if "://" in address else self.base + address)
        return self

    @property
    def path(self):
        return urllib.parse.unquote(self.driver.current_url.removeprefix(self.base).partition("#")[0])

    @property
    def title(self):
        return self.driver.title

    @property
    def text(self):
        """What can be read on the page."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        found = self.all(selector)
        if not found:
            raise AssertionError(f"{self.path} has no {selector}")
        return found[0]

    def read(self, selector):
        """The words of each, also of those that are folded away."""
        return [" ".join(each.get_property("textContent").split()) for each in self.all(selector)]

    def press(self, element):
        """Clicks what leads to another page, and waits until that stands."""
        page = self.one("html")
        reveal(element)
        words = element.text
        element.click()
        return self.arrive(page, repr(words))

    def arrive(self, page, pressed):
        """Waits until another page stands in place of this one."""
        wait = WebDriverWait(self.driver, PATIENCE, 0.05)
        try:
            wait.until(lambda _: gone(page))
            wait.until(lambda driver: driver.execute_script("return document.readyState") == "complete")
        except TimeoutException:
            raise AssertionError(f"nothing came of pressing {pressed} on {self.path}") from None
        return self

    def follow(self, selector):
        return self.press(self.one(selector))

    def form(self, action):
        """The form that posts to this path, or asks it."""
        return Form(self, f"form[action='{action}']")

    # What the browser itself has to say

    def _listen(self):
        for entry in self.driver.get_log("performance"):
            self._answers.append(json.loads(entry["message"])["message"])
        for entry in self.driver.get_log("browser"):
            # A page that answers 403, 404 or 422 is no mistake of the page.
            expected = entry["source"] == "network" and "/static/" not in entry["message"]
            if entry["level"] in ("SEVERE", "WARNING") and not expected:
                self._problems.append(entry["message"])

    @property
    def status(self):
        """The HTTP status of the page that is open."""
        self._listen()
        for message in reversed(self._answers):
            parameters = message["params"]
            if message["method"] == "Network.responseReceived" and parameters["type"] == "Document":
                return parameters["response"]["status"]
        raise AssertionError("no page was opened")

    def problems(self):
        """Errors and warnings of the console since the last time, refusals by the content security policy among them."""
        self._listen()
        found, self._problems = self._problems, []
        return found

    def weigh(self, address):
        """Opens a page with an empty cache: the bytes that came over the wire for each file, by type and address."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        self._listen()
        self._answers = []
        self.open(address)
        self._listen()
        files, sizes = {}, {}
        for message in self._answers:
            parameters = message["params"]
            if message["method"] == "Network.responseReceived":
                files[parameters["requestId"]] = (parameters["type"], parameters["response"]["url"])
            elif message["method"] == "Network.loadingFinished":
                sizes[parameters["requestId"]] = parameters["encodedDataLength"]
        return {file: sizes.get(id, 0) for id, file in files.items()}

    def overflow(self):
        """How many pixels the page is wider than the window, and what sticks out."""
        return self.driver.execute_script(
            """const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
            if (wide <= 0) return null;
            const out = [...document.querySelectorAll("body *")].filter((each) =>
              each.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
            return wide + " px: " + out.slice(0, 5).map((each) => each.tagName + "." + each.className).join(", ");""")

    def axe(self):
        """What axe-core finds wrong: rule, and the first elements that break it."""
        self.driver.execute_script(axe_source())
        self.driver.set_script_timeout(PATIENCE * 3)
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations));")
        return [
            f"{each['id']}: {each['help']}: " + "; ".join(
                f"{node['target']} {' '.join(check['message'] for check in node['any'][:1])}" for node in each["nodes"][:3])
            for each in found]

    def picture(self, file):
        """Saves the whole page, not only what the window shows."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"format": "png", "captureBeyondViewport": True,
             "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 4000), "scale": 1}})
        pathlib.Path(file).write_bytes(base64.b64decode(shot["data"]))


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


def gone(element):
    try:
        element.is_enabled()
        return False
    except StaleElementReferenceException:
        return True
    except WebDriverException as problem:
        # Said while the next page is taking its place.
        if "does not belong to the document" in problem.msg:
            return True
        raise


@functools.cache
def axe_source():
    [file] = pathlib.Path(sys.prefix).glob("lib/python*/site-packages/axe_playwright_python/axe.min.js")
    return file.read_text()
