import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
@testable import Sandbox
import TestSupport

/// The sandbox on a database of its own, confined to its tables as the host confines it.
struct SandboxHouse {
    let database: TestDatabase
    let house: PluginContextDouble
    let parts: PluginParts
    let channel: any Channel

    init(_ engine: Engine = .sqlite) throws {
        let plugin = SandboxPlugin()
        database = try TestDatabase(
            engine,
            migrating: [
                MigrationSeries(name: "sandbox", tablePrefix: "sandbox_", migrations: plugin.declaration.migrations)
            ])
        house = try PluginContextDouble(tables: OwnTables(database: database.database))
        parts = try plugin.parts(house.context)
        channel = parts.channels[0]
    }

    private struct OwnTables: Tables {
        let database: Database

        func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
            try database.read(prefix: "sandbox_", body)
        }

        func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
            try database.write(prefix: "sandbox_", body)
        }
    }

    /// Sends a message through the channel as the dispatcher does.
    @discardableResult
    func send(
        _ text: String, to phone: String = "+12025550123", message: Int64 = 77, attempt: Int = 1
    ) throws -> SendOutcome {
        let call = try channel.call(
            OutgoingMessage(
                attempt: AttemptRef(messageID: ID(message), number: attempt), phone: phone, bsuid: nil,
                purpose: .orders,
                body: .text(text)))
        guard case .local(let deliver) = call else { throw NotLocal() }
        return try deliver()
    }

    /// The page as it is drawn for a role.
    func page(_ path: String = "/admin/phone", as role: Role = .manager) throws -> PhoneModel? {
        _ = try parts.answer(.get, path, by: role, at: house.clock)
        return house.pages.shown.last?.model as? PhoneModel
    }

    /// The address of the first chat.
    func firstChat() throws -> String {
        guard let chat = try page()?.chats.first else { throw NoChat() }
        return "/admin/phone/\(chat.id)"
    }

    struct NotLocal: Error {}
    struct NoChat: Error {}
}
