"""Where there is something to see."""


def addresses(browser):
    """Every page that can be reached: by the sidebar, and from there the first of each kind."""
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
    found += ["/shop/cart", "/shop/checkout", "/admin/nothing-here", "/u/nobody"]
    return list(dict.fromkeys(found))
