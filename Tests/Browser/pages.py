"""Where there is something to see."""

import json
import re
import urllib.error
import urllib.request


def addresses(browser, server):
    """Every page: those that links lead to, and each that the program says it has; and those routes of the admin that
    nothing leads to."""
    found = linked(browser)
    links = {link for page in list(found) if page.startswith("/admin") for link in links_of(browser, page)}
    unseen = []
    for route in routes(server):
        # What is downloaded is no page; its own tests fetch it.
        if route.endswith("/file"):
            continue
        pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/?]+", re.escape(route)))
        if any(pattern.fullmatch(address.partition("?")[0]) for address in found):
            continue
        reached = sorted(link for link in links if pattern.fullmatch(link.partition("?")[0]))
        if "{" not in route:
            reached = [route]
        if not reached:
            unseen.append(route)
        elif is_page(browser, reached[0]):
            found.append(reached[0])
            links |= links_of(browser, reached[0])
    return list(dict.fromkeys(found)), unseen


def linked(browser):
    """By the sidebar, and from there the first of each kind."""
    browser.open("/admin")
    found = ["/admin"] + [link.get_attribute("href").removeprefix(browser.base) for link in browser.all("nav.sidebar .nav a")]
    found += ["/admin/search?q=Ada", "/admin/search", "/admin/messages?q=zzzz", "/admin/orders?q=zzzz", "/admin/rules/new",
              "/admin/account", "/admin/account/second-factor", "/admin/confirm?next=/admin/users", "/admin/audit?q=zzzz"]
    for page, link in (
        ("/admin/orders", "tbody a.strong"), ("/admin/messages", "tbody a.strong"), ("/admin/contacts", "tbody a.strong"),
        ("/admin/deliveries", "tbody a.strong"), ("/admin/rules", "tbody a.strong"), ("/admin/phone", ".chats a"),
        ("/admin/users", "tbody a.strong"),
        ("/admin/settings/site", "nav.views a:not([aria-current])"), ("/shop", ".shelf .article > a"),
    ):
        browser.open(page)
        links = [each.get_attribute("href").removeprefix(browser.base) for each in browser.all(link)]
        found += [page] + (links if "settings" in page else links[:1])
    return found + ["/shop/cart", "/shop/checkout", "/admin/nothing-here", "/u/nobody"]


def links_of(browser, page):
    """Where the links of a page lead within the admin."""
    browser.open(page)
    links = browser.driver.execute_script(
        "return [...document.querySelectorAll('a[href]')].map((each) => each.getAttribute('href'))")
    return {link.partition("#")[0] for link in links if link.startswith("/admin")}


def routes(server):
    """What the program says of its pages for signed-in people. Those before that need a link or a password first."""
    listed = json.loads(server.command("routes", "--json"))
    return sorted(
        row["path"] for row in listed
        if row["method"] == "GET" and row["path"].startswith("/admin") and row["access"] != "public")


def is_page(browser, address):
    """Whether it answers with a page of its own: not with a file, and not by sending somewhere else."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in browser.driver.get_cookies())
    request = urllib.request.Request(browser.base + address, headers={"Cookie": cookies})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            same = answer.url.removeprefix(browser.base).partition("?")[0] == address.partition("?")[0]
            return same and answer.headers.get_content_type() == "text/html"
    except urllib.error.HTTPError as refusal:
        raise AssertionError(f"{address} is answered with {refusal.code}") from None
