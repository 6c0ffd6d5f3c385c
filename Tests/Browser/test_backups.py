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
