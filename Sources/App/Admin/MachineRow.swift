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
    /// How long ago it was last seen, where a clock's minutes say little.
    let ago: String?

    static let fields: [Field<Self>] = [
        .text("machine") { $0.machine }, .text("process") { $0.process }, .word("role") { $0.role },
        .text("version") { $0.node.version }, .time("since") { $0.node.startedAt }, .time("seen") { $0.node.seenAt },
        .text("ago") { $0.ago }, .flag("silent") { !$0.isAlive },
        .object("state", Pill.self) { $0.isAlive ? Pill(.good, "jobs.machine_up") : Pill(.bad, "jobs.machine_down") },
    ]

    /// A node is called `shop-1 4711`.
    private var machine: String { node.name.split(separator: " ").dropLast().joined(separator: " ") }
    private var process: String { String(node.name.split(separator: " ").last ?? "") }

    private var role: Word {
        switch node.role {
        case .serve: Word("jobs.role_serve")
        case .web: Word("jobs.role_web")
        case .worker: Word("jobs.role_worker")
        }
    }

    static func all(_ words: any TemplateWords, in tx: any ReadTransaction) throws -> [MachineRow] {
        try NodesTable.seen(within: memory, in: tx).map { node in
            MachineRow(
                node: node, isAlive: node.silence < NodesTable.patience,
                ago: node.silence < .minutes(1) ? words.took(node.silence) : nil)
        }
    }
}
