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
from selenium.webdriver.support.ui import WebDriverWait

from form import Form, reveal

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

    _started = {}

    @staticmethod
    def shared(script):
        """One for all tests of a process: starting it takes a second."""
        if script not in Browser._started:
            Browser._started[script] = Browser(script)
        return Browser._started[script]

    @staticmethod
    @atexit.register
    def quit_all():
        while Browser._started:
            Browser._started.popitem()[1].driver.quit()

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
        self._window = (pixels, height)
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def theme(self, name):
        """`light` or `dark`, as the person's system asks for. It also asks for no motion, so that colours are at once
        what they will be."""
        features = {"prefers-color-scheme": name, "prefers-reduced-motion": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": feature, "value": value} for feature, value in features.items()]})

    # Going somewhere

    def forget(self):
        """Signs out without telling anybody: every cookie is gone, of whatever path."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def begin(self, base):
        """A new person at a new server: no cookies, no cache, nothing logged."""
        self.base = base
        self.driver.get("about:blank")
        self.forget()
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

    def form(self, action, which=""):
        """The form that posts to this path, or asks it; `which` is a further selector where there are several."""
        return Form(self, f"form[action='{action}']{which}")

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

    def cut_off(self):
        """What reaches over the edge of a box that clips it, and what of a table is only found by scrolling. Text that
        ends in three dots, and what is only read out, is meant so."""
        return self.driver.execute_script(
            """const out = [];
            for (const each of document.querySelectorAll("main *")) {
              const box = each.getBoundingClientRect();
              if (!box.width || !box.height) continue;
              for (let around = each.parentElement; around && around.localName !== "main"; around = around.parentElement) {
                const style = getComputedStyle(around), edges = around.getBoundingClientRect();
                if (style.overflowX === "visible") continue;
                const scrolls = /auto|scroll/.test(style.overflowX) && !around.querySelector("table");
                if (edges.width <= 1 || scrolls || style.textOverflow === "ellipsis") break;
                const over = Math.max(box.right - edges.right, edges.left - box.left);
                if (over > 1) out.push(each.localName + "." + each.className + " by " + Math.round(over) + " px");
              }
            }
            return out.slice(0, 5);""")

    def axe(self, only=None):
        """What axe-core finds wrong: rule, and the first elements that break it. `only` asks for some rules alone."""
        rules = {"runOnly": {"type": "rule", "values": only}} if only else {}
        self.driver.execute_script(axe_source())
        self.driver.set_script_timeout(PATIENCE * 3)
        found = self.driver.execute_async_script(
            "const [rules, done] = arguments;"
            "axe.run(document, {resultTypes: ['violations'], ...rules}).then((r) => done(r.violations));", rules)
        return [
            f"{each['id']}: {each['help']}: " + "; ".join(
                f"{node['target']} {' '.join(check['message'] for check in node['any'][:1])}" for node in each["nodes"][:3])
            for each in found]

    def picture(self, file):
        """Saves the whole page, as in a window that is high enough for it."""
        width, height = self._window
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        self.width(width, min(max(height, int(size["height"])), 5000))
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        pathlib.Path(file).write_bytes(base64.b64decode(shot["data"]))
        self.width(width, height)


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
