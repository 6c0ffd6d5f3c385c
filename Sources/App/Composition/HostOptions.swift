package import Core

/// How the program was asked to run: flags, their environment twins, and defaults.
package struct HostOptions: Sendable {
    /// The folder of `cartwright.db`, `master.key` and a site's own templates.
    package var data = "./data"
    /// Nil: `<data>/cartwright.db`.
    package var database: String?
    /// The folder that holds `Templates`, `Public` and `Locales`; nil: found beside the program or its sources.
    package var resources: String?
    package var keyFile: String?
    package var listen = "127.0.0.1:8080"
    package var publicURL: String?
    /// What the operator calls this installation, where the machine's own name changes; nil: the machine's.
    package var instance: String?
    package var trustedProxies: [String] = []
    package var demo = false
    /// Whether this process does the background work.
    package var workers = true
    /// Whether it answers requests.
    package var serves = true
    package var safeMode = false
    /// Whether a new installation may begin where there is none.
    package var begins = true
    /// A log line for each request.
    package var logRequests = false
    /// How long a hook or panel of a plugin may take before it is left behind.
    package var pluginPatience = Timestamp.Span.seconds(2)

    package init() {}

    package var databaseLocation: String { database ?? data + "/cartwright.db" }
    package var keyPath: String { keyFile ?? data + "/master.key" }
    package var controlSocket: String { data + "/control.sock" }
}
