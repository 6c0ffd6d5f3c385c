import App
import Core
import Database
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// How passwords are guarded at the door, and what an idle house leaves alone.
struct SignInTests {
    @Test func `with nothing to seal nothing is written`() throws {
        let house = try TestHost()
        #expect(try house.turns.sealConsents() == nil)
        let leases = try house.host.database.read { tx in
            try tx.rows("SELECT name FROM leases WHERE name = 'consent.sealer'").count
        }
        #expect(leases == 0)
    }
}
