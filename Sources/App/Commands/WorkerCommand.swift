import Core
import Database

/// `cartwright worker`: the background work alone, until it is told to stop. Any number may work on one PostgreSQL
/// database, beside any number that serve.
enum WorkerCommand {
    static let command = Command(
        "worker", "Does the background work without a server; for PostgreSQL", flags: NodeProcess.flags,
        begins: true
    ) { call in
        var options = try NodeProcess.options(call)
        options.serves = false
        try NodeProcess(call, options).run { application, untilStopped in
            try application.startWork()
            try call.print("working on " + application.host.database.location.address)
            untilStopped()
        }
    }
}
