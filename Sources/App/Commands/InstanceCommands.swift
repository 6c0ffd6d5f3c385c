import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `cartwright instance …`: whether this is the live installation or a copy, and the owner's word on it.
enum InstanceCommands {
    static let all = [show, confirm, copy]

    private static let choices: [(flag: Flag, overdue: InstanceDecision.Overdue)] = [
        (Flag("cancel-overdue", "calls off every message that should have left by now"), .cancel),
        (
            Flag("cancel-older", "sends what came in here since it was held, and calls off what was due before"),
            .cancelOlder
        ),
        (Flag("send-overdue", "sends every message that should have left by now"), .send),
    ]

    private static let show = Command(
        "instance", "Says whether this is the live installation, or held because it may be a copy",
        flags: [.json, .keyFile, .resources]
    ) { call in
        let now = call.clock.now()
        let (known, overdue) = try call.withFoundation { foundation in
            try foundation.database.read { tx in
                (try InstanceTable.find(in: tx), try OverdueMessages.all(by: now, in: tx))
            }
        }
        guard !call.has(.json) else { return try call.print(listing(of: known)) }
        let report = InstanceReport(instance: known, overdue: overdue, words: try call.words())
        for line in report.lines { try call.print(line) }
    }

    /// For programs.
    private static func listing(of known: Instance?) -> Listing {
        var rows: [[String?]] = []
        if let hold = known?.hold {
            rows.append(["state", hold.isKept ? "copy" : "held", hold.difference?.rawValue ?? hold.kind.word])
            if case .moved(let target) = hold.kind { rows.append(["moved to", target, nil]) }
        } else {
            rows.append(["state", known == nil ? "new" : "live", nil])
        }
        rows += InstancePage.FactRow.all(known).map { [$0.fact.rawValue, $0.recorded, $0.here] }
        return Listing(columns: ["what", "recorded", "here"], rows: rows)
    }

    private static let confirm = Command(
        "instance confirm", "Says that this is the live installation: messages leave again",
        flags: choices.map(\.flag) + [.keyFile, .resources]
    ) { call in
        let chosen = choices.filter { call.has($0.flag) }
        if chosen.count > 1 {
            throw call.wrong(chosen.map { "--" + $0.flag.name }.joined(separator: " and ") + " exclude each other")
        }
        try call.withApplication { application in
            let host = application.host
            guard host.instance.hold != nil else { return try call.print("this is the live installation already") }
            let now = call.clock.now()
            let overdue = try host.database.read { tx in try OverdueMessages.all(by: now, in: tx) }
            let words = try call.words()
            guard overdue.isEmpty || !chosen.isEmpty else {
                let list = InstanceReport.lines(of: overdue, words)
                throw CommandFailure(
                    "messages should have left by now: \(list.joined(separator: "; ")). The original may have sent them: "
                        + "choose " + choices.map { "--" + $0.flag.name }.joined(separator: ", "))
            }
            let cancelled = try InstanceDecision(host, by: CommandActor.name).confirm(chosen.first?.overdue ?? .send)
            try call.print(words.text(Word("instance.lead_live" + host.standing.ending)))
            if cancelled > 0 {
                let count = words.text(Word("instance.overdue_count", ["count": .number(Int64(cancelled))]))
                try call.print("Called off: \(count)")
            }
        }
        ControlSocket.askToReload(at: HostOptions(call).controlSocket)
    }

    private static let copy = Command(
        "instance copy", "Says that this is a copy: it stays held, and nobody is reminded",
        flags: [.keyFile, .resources]
    ) { call in
        try call.withApplication { application in
            guard let hold = application.host.instance.hold else {
                throw CommandFailure("this is the live installation; only one that is held can be called a copy")
            }
            if case .moved(let target) = hold.kind {
                throw CommandFailure("everything was moved from here to \(target): this one stays held by itself")
            }
            try InstanceDecision(application.host, by: CommandActor.name).keep()
            try call.print("this is a copy: it stays held, and nobody is reminded")
        }
        ControlSocket.askToReload(at: HostOptions(call).controlSocket)
    }
}
