import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store

/// `cartwright instance …`: whether this is the live installation or a copy, and the owner's word on it.
enum InstanceCommands {
    static let all = [show, confirm, copy]

    private static let cancelOverdue = Flag("cancel-overdue", "calls off every message that should have left by now")
    private static let sendOverdue = Flag("send-overdue", "sends every message that should have left by now")

    private static let show = Command(
        "instance", "Says whether this is the live installation, or held because it may be a copy",
        flags: [.json, .keyFile]
    ) { call in
        let known = try call.withFoundation { foundation in
            try foundation.database.read { tx in try InstanceTable.find(in: tx) }
        }
        try call.print(
            Listing(
                columns: ["what", "recorded", "here"],
                rows: state(of: known)
                    + InstancePage.FactRow.all(known).map {
                        [$0.fact.rawValue, $0.recorded, $0.here]
                    }))
    }

    private static func state(of known: Instance?) -> [[String?]] {
        guard let hold = known?.hold else { return [["state", known == nil ? "new" : "live", nil]] }
        let state = ["state", hold.isKept ? "copy" : "held", hold.difference?.rawValue ?? hold.kind.word]
        guard case .moved(let target) = hold.kind else { return [state] }
        return [state, ["moved to", target, nil]]
    }

    private static let confirm = Command(
        "instance confirm", "Says that this is the live installation: messages leave again",
        flags: [cancelOverdue, sendOverdue, .keyFile, .resources]
    ) { call in
        if call.has(cancelOverdue), call.has(sendOverdue) {
            throw call.wrong("--cancel-overdue and --send-overdue exclude each other")
        }
        try call.withApplication { application in
            let host = application.host
            guard host.instance.hold != nil else { return try call.print("this is the live installation already") }
            let now = call.clock.now()
            let overdue = try host.database.read { tx in try OverdueMessages.all(by: now, in: tx) }
            guard overdue.isEmpty || call.has(cancelOverdue) || call.has(sendOverdue) else {
                let list = overdue.map { "\($0.count) \($0.purpose.rawValue) since \($0.oldest.rfc3339)" }
                throw CommandFailure(
                    "messages should have left by now: \(list.joined(separator: ", ")). The original may have sent them: "
                        + "choose --cancel-overdue or --send-overdue")
            }
            let cancelled = try InstanceDecision(host, by: CommandActor.name)
                .confirm(call.has(cancelOverdue) ? .cancel : .send)
            try call.print("this is the live installation now; messages called off: \(cancelled)")
        }
        ControlSocket.askToReload(at: HostOptions(call).controlSocket)
    }

    private static let copy = Command(
        "instance copy", "Says that this is a copy: it stays held, and nobody is reminded",
        flags: [.keyFile, .resources]
    ) { call in
        try call.withApplication { application in
            guard application.host.instance.hold != nil else {
                throw CommandFailure("this is the live installation; only one that is held can be called a copy")
            }
            try InstanceDecision(application.host, by: CommandActor.name).keep()
            try call.print("this is a copy: it stays held, and nobody is reminded")
        }
        ControlSocket.askToReload(at: HostOptions(call).controlSocket)
    }
}
