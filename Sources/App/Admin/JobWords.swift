import PluginKit
import Core
import Store
import Templating

/// Background work in words. A kind that the catalogue does not know is shown as it is called.
struct JobWords {
    private let words: any TemplateWords

    init(_ words: any TemplateWords) { self.words = words }

    func name(_ kind: String) -> String { known("job." + kind) ?? kind }

    /// What it is for, in a sentence.
    func purpose(_ kind: String) -> String? { known("job.\(kind).help") }

    private func known(_ key: String) -> String? { words.has(key) ? words.text(key) : nil }

    /// - Parameters:
    ///   - isKnown: whether this process does such work; not while its plugin is off.
    ///   - isUnworked: whether nobody who lives does any work.
    static func pill(_ job: Job, isKnown: Bool, isUnworked: Bool, at now: Timestamp) -> Pill {
        if !isKnown, job.state == .waiting { return Pill(.idle, "job.state.off") }
        if isUnworked, job.state == .waiting, job.dueAt <= now { return Pill(.bad, "job.state.unworked") }
        if job.owner != nil { return Pill(.info, "job.state.running") }
        switch job.state {
        case .done: return Pill(.good, "job.state.done")
        case .failed: return Pill(.bad, "job.state.failed")
        case .waiting:
            if job.isOverdue(at: now) { return Pill(.warning, "job.state.overdue") }
            if job.lastError != nil { return Pill(.bad, "job.state.again") }
            return job.repeatsEvery == nil ? Pill(.idle, "job.state.waiting") : Pill(.good, "job.state.in_order")
        }
    }
}
