import io
import json
import zipfile

from house import Case, both


@both
class Backups(Case):
    def test_one_is_made_on_demand_and_listed(self):
        self.browser.open("/admin/backups")
        self.assertNotIn("}}", self.browser.text)
        self.browser.form("/admin/backups").send()
        self.assertSaid()
        self.reload_until("/admin/backups", "tbody td", "cartwright-")
        self.assertEqual(len(self.browser.all("tbody a.button")), 1)
        file = next((self.server.data / "backups").glob("cartwright-*.zip"))
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            self.assertIsNone(archive.testzip())
            manifest = json.loads(archive.read("manifest.json"))
        self.assertEqual({entry["name"] for entry in manifest["entries"]} | {"manifest.json"}, set(archive.namelist()))
        self.browser.open("/admin")
        self.assertEqual(len(self.browser.all("a[href='/admin/backups'] + time")), 1)
        self.reached_at_any_width()

    def reached_at_any_width(self):
        """Beside one that lies elsewhere, under a long name."""
        self.server.command("backup", self.server.data / "one-that-was-made-by-hand-under-a-name-of-some-length.zip")
        self.browser.open("/admin/backups")
        self.assertEqual(len(self.browser.all("tbody tr")), 2)
        try:
            for width in (360, 480, 600, 768, 861, 1024, 1280):
                self.browser.width(width)
                self.assertIsNone(self.browser.overflow(), width)
                self.assertEqual(self.browser.cut_off(), [], width)
                button = self.browser.one("tbody a.button").rect
                self.assertLessEqual(button["x"] + button["width"], width, width)
        finally:
            self.browser.width(1280)
