import Core
import Domain
import PluginKit

/// Keeps what we know of the templates in step with Meta: every hour, and whenever somebody asks.
struct TemplatesJob: Sendable {
    static let kind = "meta.templates"

    let channel: MetaChannel
    let templates: any ChannelTemplates
    let log: Log

    var declaration: JobDeclaration {
        JobDeclaration(kind: Self.kind, every: .hours(1)) { _ in try run() }
    }

    private func run() throws {
        do {
            let found = try channel.templates() ?? []
            try templates.store(found, channel: channel.id)
            log.info("meta.templates", ["count": .init(found.count)])
        } catch let error as MetaError {
            switch error.kind {
            // Nothing to fetch until somebody has filled in the settings.
            case .notSetUp: return
            // A person has to act first; the next hour asks again.
            case .refused(let failure) where failure.failureClass == .stopNumber:
                throw JobFailure(.never, message: error.description)
            case .refused(let failure) where failure.failureClass == .tryLater:
                throw JobFailure(
                    .after(Int(failure.code).flatMap(ErrorTable.leastWait) ?? .minutes(1)), message: error.description)
            case .refused, .unexpectedAnswer, .unfit: throw error
            }
        }
    }
}
