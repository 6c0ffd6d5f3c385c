"""A server with a little of everything, so that calls by id lead somewhere."""

import hashlib
import base64
import hmac
import json
import pathlib
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Browser"))

from server import Server  # noqa: E402

SECRET = "a secret that only the shop and the house know"
ORDER = {
    "status": "processing", "created_at": "2026-11-20T10:20:00Z", "updated_at": "2026-11-20T10:20:00Z",
    "total": {"amount": "29.90", "currency": "EUR"},
    "customer": {"first_name": "Ada", "phone": "+1 202 555 0142", "country": "US"}}


class House:
    def __init__(self):
        self.server = Server({"woocommerce.webhook_secret": SECRET}, owner=("owner@example.com", "a long password"))
        self.keys = {
            scope: self.server.command("token", "create", "--name", scope, "--scope", scope).strip()
            for scope in ("read", "write", "admin")}
        self.ids = {"plugins": ["demoshop"]}
        for number in range(1, 4):
            self._add("orders", ORDER | {"id": str(number), "number": str(number)})
            self._add("messages", {"to": f"+1202555010{number}", "purpose": "orders", "text": "Hello"})
            self._add("contacts", {"phone": f"+1202555011{number}", "first_name": "Grace"})
            person = self.ids["contacts"][-1]
            self._add("consents", {"contact_id": person, "purpose": "orders", "action": "grant"})
        self._deliver()

    def _call(self, path, body=None, headers=None):
        request = urllib.request.Request(
            self.server.url + path, None if body is None else json.dumps(body).encode(),
            {"Authorization": "Bearer " + self.keys["admin"], "Content-Type": "application/json"} | (headers or {}))
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def _add(self, kind, body):
        self.ids.setdefault(kind, []).append(self._call(f"/api/v1/{kind}", body)["id"])

    def _deliver(self):
        """A webhook that came in."""
        body = json.dumps({"id": 7}).encode()
        signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
        request = urllib.request.Request(
            self.server.url + "/hooks/woocommerce", body,
            {"Content-Type": "application/json", "X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Signature": signature})
        urllib.request.urlopen(request, timeout=30).close()
        self.ids["deliveries"] = [row["id"] for row in self._call("/api/v1/deliveries")["data"]]

    def stop(self):
        self.server.stop()
