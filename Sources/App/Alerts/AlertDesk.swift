import Core
import Database
package import Messaging
package import PluginKit
import SQL
import Store

/// Opens and closes alerts, for the host and for plugins.
package struct AlertDesk: Alerts {
    /// The job that tells what was opened and closed; due at once when something was.
    package static let tellingJob = "host.alerts"

    private let context: MessagingContext

    package init(_ context: MessagingContext) { self.context = context }

    package func open(_ alert: Alert) {
        attempt("alert not opened", alert.id) {
            let stored = alert.stored(at: context.clock.now())
            if try context.database.read({ tx in try AlertsTable.isOpen(stored, in: tx) }) { return }
            let isNew = try context.database.write { tx in
                guard try AlertsTable.open(stored, at: stored.openedAt, in: tx) else { return false }
                try JobsTable.hasten(Self.tellingJob, to: stored.openedAt, in: tx)
                return true
            }
            if isNew {
                context.log.warning("alert opened", ["alert": .text(alert.id)])
                context.wake(.jobs)
            }
        }
    }

    package func close(_ id: String) { close(id) { _ in true } }

    /// Closes what is over in this process, where no other still sees the same.
    func close(_ id: String, unlessElsewhere sighting: Sighting) {
        close(id) { tx in
            try !NodeSightingsTable.alive(without: context.owner, in: tx).contains(sighting)
        }
    }

    private func close(_ id: String, where isOver: (any ReadTransaction) throws -> Bool) {
        attempt("alert not closed", id) {
            let isOpen = try context.database.read { tx in
                guard let known = try AlertsTable.find(id, in: tx), known.closedAt == nil else { return false }
                return try isOver(tx)
            }
            guard isOpen else { return }
            let now = context.clock.now()
            let wasOpen = try context.database.write { tx in
                guard try AlertsTable.close(id, at: now, in: tx) else { return false }
                try JobsTable.hasten(Self.tellingJob, to: now, in: tx)
                return true
            }
            if wasOpen {
                context.log.info("alert closed", ["alert": .text(id)])
                context.wake(.jobs)
            }
        }
    }

    /// Whoever notices something must not fail because it cannot be written down: the next look finds it again.
    private func attempt(_ event: String, _ id: String, _ body: () throws -> Void) {
        do { try body() } catch {
            context.log.error(event, ["alert": .text(id), "error": .error(error)])
        }
    }
}

extension Alert {
    func stored(at now: Timestamp) -> StoredAlert {
        StoredAlert(
            id: id, severity: severity.rawValue, word: word, arguments: arguments, href: href, openedAt: now)
    }
}
