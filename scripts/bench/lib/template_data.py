"""The data of the template benchmark: the same for every engine. Nothing in it is escaped differently by any of them."""

PEOPLE = ["Ada & Sons", "Bo Lindqvist", "Chiara <Rossi>", "Dmitri Petrov & Co", "Elena Marquez de la Torre", "Fay Wu"]
STATES = [("good", "Delivered"), ("bad", "Failed: no such number"), ("quiet", "Not sent: no consent"), ("", "Sent")]
ORDER_STATES = [("good", "Completed"), ("wait", "On hold"), ("", "Processing"), ("bad", "Cancelled")]


def order(number):
    tone, status = ORDER_STATES[number % 4]
    message_tone, state = STATES[number % 3]
    message = {"id": 9_000_000 + number, "tone": message_tone, "state": state} if number % 5 else None
    return {
        "id": 7_000_000 + number, "number": f"#{1000 + number}", "at": f"Nov {number % 28 + 1}, 2026, 3:04 PM",
        "person": PEOPLE[number % 6], "phone": f"+1 202 555 01{number % 100:02}", "tone": tone, "status": status,
        "total": f"{number * 3 + 12}.90 EUR", "message": message}


def table(rows):
    return {"title": "Orders of the last 30 days", "orders": [order(number) for number in range(rows)]}


def card(number):
    tone, status = ORDER_STATES[number % 4]
    facts = [{"label": f"Fact {fact}", "value": f"{PEOPLE[(number + fact) % 6]}, {fact * 7} of 90"} for fact in range(4)]
    return {"id": number, "tone": tone, "label": f"{status} card {number}", "facts": facts}


def page(groups):
    nav = [
        {"id": f"page-{link}", "tone": "here" if link == 3 else "", "label": f"Page & tab {link}", "count": link % 4 * 5,
         "busy": link % 4 > 0}
        for link in range(12)]
    return {
        "lang": "en", "title": "Overview", "lead": "What happened in your shop & what is next", "site": "Shop & Co",
        "nav": nav, "groups": [
            {"label": f"Group {group}", "empty": "Nothing yet", "cards": [card(group + n) for n in range(group % 4)]}
            for group in range(groups)]}


def message():
    return {
        "first_name": "Elena", "order_number": "#10042", "site_name": "Shop & Co", "carrier": "DHL Express",
        "tracking_url": "https://example.com/track/JD0146000123", "order_total": "129.90 EUR", "note": "",
        "has_note": False}


def everything():
    return {
        "table": table(50), "twice_table": table(100), "page": page(8), "twice_page": page(16), "message": message()}
