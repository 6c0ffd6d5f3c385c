"""A shop that is taken to another database, and served from there."""

import os
import subprocess

from house import ShopCase


def other_database(test):
    """An empty database on the PostgreSQL server that the tests have, else a path for a file."""
    server = os.environ.get("TEST_POSTGRES")
    if not server:
        return test.server.data / "moved" / "cartwright.db"
    name = f"browser_move_{os.getpid()}"
    subprocess.run(["createdb", "--maintenance-db", server, name], check=True)
    test.addCleanup(subprocess.run, ["dropdb", "--force", "--maintenance-db", server, name], check=True)
    return server.replace("/postgres?", f"/{name}?")


class Move(ShopCase):
    def test_it_shows_the_same_orders_there_and_takes_new_ones(self):
        for number, name in ((1051, "Ada"), (1052, "Grace"), (1053, "Barbara")):
            self.order(number, name=name)
        for name in ("Ada", "Grace", "Barbara"):
            self.reload_until("/admin/orders", "tbody tr", name)
        before = self.browser.open("/admin/orders").read("#main")
        self.server.move(self.server.data / "cartwright.db", other_database(self))
        self.browser.begin(self.server.url)
        self.sign_in()
        self.assertEqual(self.browser.open("/admin/orders").read("#main"), before)
        self.order(1054, name="Katherine")
        self.reload_until("/admin/orders", "tbody tr", "Katherine")
