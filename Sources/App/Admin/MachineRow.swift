import Core
import PluginKit
import SQL
import Store
import Templating

/// A process on this database, as the page of the background work shows it.
struct MachineRow: TemplateModel {
    /// One that died is shown for so long.
    private static let memory = Timestamp.Span.hours(1)

    let node: Node
    let isAlive: Bool

    static let fields: [Field<Self>] = [
        .text("name") { $0.node.name }, .word("role") { $0.role },
        .text("version") { $0.node.version }, .time("since") { $0.node.startedAt }, .time("seen") { $0.node.seenAt },
        .object("state", Pill.self) { $0.isAlive ? Pill(.good, "jobs.machine_up") : Pill(.bad, "jobs.machine_down") },
    ]

    private var role: Word {
        switch node.role {
        case .serve: Word("jobs.role_serve")
        case .web: Word("jobs.role_web")
        case .worker: Word("jobs.role_worker")
        }
    }

    static func all(in tx: any ReadTransaction) throws -> [MachineRow] {
        let alive = Set(try NodesTable.alive(in: tx).map(\.id))
        return try NodesTable.seen(within: memory, in: tx).map { MachineRow(node: $0, isAlive: alive.contains($0.id)) }
    }
}
