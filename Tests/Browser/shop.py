"""A WooCommerce shop as the house sees one: it posts signed orders."""

import base64
import datetime
import hashlib
import hmac
import json
import urllib.error
import urllib.request

SECRET = "a secret that only the shop and the house know"


def report(server, number, status="processing", name="Ada", phone="+12025550142", minutes=0):
    """Posts an order, last changed some minutes from now; it has to be taken."""
    answer = post(server, order(number, status, name, phone, minutes))
    if answer != 200:
        raise AssertionError(f"the webhook was answered with {answer}")


def post(server, content, secret=SECRET):
    """Posts this as WooCommerce's webhook for changed orders does; the status of the answer."""
    body = json.dumps(content).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    request = urllib.request.Request(
        server.url + "/hooks/woocommerce", body,
        {"Content-Type": "application/json", "X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Signature": signature})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


def order(number, status, name, phone, minutes):
    """An order as WooCommerce's REST API and webhooks describe it, with the fields that matter here."""
    changed = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    first, _, last = name.partition(" ")
    person = {"first_name": first, "last_name": last or "Example"}
    return {
        "id": number, "number": str(number), "order_key": f"wc_order_{number}", "status": status, "currency": "EUR",
        "date_created_gmt": time(changed), "date_modified_gmt": time(changed),
        "total": "29.90", "customer_id": 0, "payment_method": "cod", "payment_method_title": "Cash on delivery",
        "billing": person | {"email": f"{first.lower()}@example.com", "phone": phone, "country": "US"},
        "shipping": person | {"country": "US"},
        "line_items": [
            {"id": 1, "name": "Wool, undyed", "product_id": 7, "quantity": 2, "total": "29.90", "price": 14.95}],
        "shipping_lines": [], "fee_lines": [], "coupon_lines": [], "refunds": [], "meta_data": [],
        "payment_url": "https://shop.example/pay",
    }


def time(moment):
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
