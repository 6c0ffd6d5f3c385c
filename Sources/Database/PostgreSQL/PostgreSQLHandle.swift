import CDatabase
import Core
import Glibc
import SQL

/// An open connection to the server with its prepared statements; closed at the end of its life.
///
/// It is always in libpq's pipeline mode (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html) and never blocks
/// in libpq: messages go out together and their answers are read while the rest is still on its way, so that two
/// full socket buffers cannot wait for each other, and a server that has stopped is noticed.
struct PostgreSQLHandle: ~Copyable {
    private let connection: OpaquePointer
    /// nil where statements cannot be named, because a proxy hands each transaction to another server connection.
    private var statements: PostgreSQLStatements?
    /// A ROLLBACK went out whose answer nobody has read yet.
    private var isOwed = false
    /// It was lost, or its answers no longer fit its questions.
    private(set) var isBroken = false

    /// How long the server may be silent; a little above `statement_timeout`, which ends a statement that is only slow.
    static let patience = Timestamp.Span.milliseconds(9500)

    /// Takes over an open connection.
    init(_ connection: OpaquePointer, namesStatements: Bool) throws(PostgreSQLFailure) {
        self.connection = connection
        statements = namesStatements ? PostgreSQLStatements() : nil
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            throw PostgreSQLFailure(connection, nil, sql: nil)
        }
    }

    deinit { PQfinish(connection) }

    /// The number of the server's process that let us in, as the server, or a proxy before it, has told.
    var serverProcess: Int64 { Int64(PQbackendPID(connection)) }

    /// No transaction is open.
    var isIdle: Bool { PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Whether the server has not hung up while the connection lay idle.
    mutating func looksAlive() -> Bool {
        guard !isBroken else { return false }
        var socket = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        guard poll(&socket, 1, 0) > 0 else { return true }
        return PQconsumeInput(connection) == 1
    }

    /// Sends all requests together and reads their answers. The first failure ends the rest.
    /// - Parameter patience: how long the server may be silent; nil for ever.
    mutating func exchange(
        _ requests: [PostgreSQLRequest], patience: Timestamp.Span?
    ) throws(PostgreSQLFailure) -> [PostgreSQLAnswer] {
        var encoded: [(request: PostgreSQLRequest, arguments: PostgreSQLArguments)] = []
        for request in requests {
            // All of them before the first is sent.
            do throws(DatabaseError) {
                encoded.append((request, try PostgreSQLArguments(request.values, request.sql)))
            } catch {
                throw PostgreSQLFailure(error)
            }
        }
        try settle(patience)
        do throws(PostgreSQLFailure) {
            var expected: [Expected] = []
            for (request, arguments) in encoded { try send(request, arguments, &expected) }
            try require(PQpipelineSync(connection) == 1)
            return try collect(expected, patience)
        } catch {
            if error.isLost { isBroken = true }
            throw error
        }
    }

    /// Ends the open transaction without waiting for the answer, which the next exchange reads first.
    mutating func rollBack() throws(PostgreSQLFailure) {
        // One is on its way already where nothing was asked since: a second answer would be taken for another's.
        guard !isOwed else { return }
        isOwed = true
        try require(PQsendQueryParams(connection, "ROLLBACK", 0, nil, nil, nil, nil, 0) == 1)
        try require(PQpipelineSync(connection) == 1)
        try require(PQflush(connection) >= 0)
    }

    /// After the schema changed under prepared statements.
    mutating func forgetStatements(patience: Timestamp.Span?) throws(PostgreSQLFailure) {
        guard statements != nil else { return }
        _ = try exchange([.command("DEALLOCATE ALL")], patience: patience)
        statements?.forgetAll()
    }

    /// Waits for what others announce; nil when `wake` can be read.
    mutating func announcements(or wake: Int32) throws(PostgreSQLFailure) -> [String]? {
        while true {
            guard PQconsumeInput(connection) == 1 else { throw PostgreSQLFailure(connection, nil, sql: nil).lost }
            var heard: [String] = []
            while let notice = PQnotifies(connection) {
                if let payload = notice.pointee.extra { heard.append(String(cString: payload)) }
                PQfreemem(notice)
            }
            guard heard.isEmpty else { return heard }
            var files = [
                pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&files, 2, -1)
            if files[1].revents != 0 { return nil }
        }
    }

    // MARK: Sending

    /// What the next result will be the answer to.
    fileprivate enum Expected {
        case preparation(PostgreSQLStatements.Key)
        case removal(String)
        case answer(sql: String)
    }

    private mutating func send(
        _ request: PostgreSQLRequest, _ arguments: PostgreSQLArguments, _ expected: inout [Expected]
    ) throws(PostgreSQLFailure) {
        let sql = request.sql
        guard case .query = request, statements != nil else {
            try require(
                arguments.withPointers { pointers, lengths, formats in
                    PQsendQueryParams(
                        connection, sql, Int32(lengths.count), arguments.types, pointers, lengths, formats, 0)
                } == 1)
            expected.append(.answer(sql: sql))
            return
        }
        try sendRemovals(&expected)
        let name = try prepared(PostgreSQLStatements.Key(sql: sql, types: arguments.types), &expected)
        try require(
            arguments.withPointers { pointers, lengths, formats in
                // Results come as text: one reader for every type, and hexadecimal for bytes.
                PQsendQueryPrepared(connection, name, Int32(lengths.count), pointers, lengths, formats, 0)
            } == 1)
        expected.append(.answer(sql: sql))
    }

    private mutating func prepared(
        _ key: PostgreSQLStatements.Key, _ expected: inout [Expected]
    ) throws(PostgreSQLFailure) -> String {
        guard let (name, isNew) = statements?.name(of: key) else { return "" }
        guard isNew else { return name }
        try require(PQsendPrepare(connection, name, key.sql, Int32(key.types.count), key.types) == 1)
        expected.append(.preparation(key))
        return name
    }

    /// Within a transaction that is opened already: a statement before BEGIN would begin one by itself.
    private mutating func sendRemovals(_ expected: inout [Expected]) throws(PostgreSQLFailure) {
        for name in statements?.takeEvicted() ?? [] {
            try require(PQsendQueryParams(connection, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1)
            expected.append(.removal(name))
        }
    }

    private func require(_ isDone: Bool) throws(PostgreSQLFailure) {
        // The server is there, but what was sent and what will be answered no longer fit.
        guard isDone else { throw PostgreSQLFailure(connection, nil, sql: nil).lost }
    }

    // MARK: Reading

    /// Reads up to the answer that the synchronisation gives.
    private mutating func collect(
        _ expected: [Expected], _ patience: Timestamp.Span?
    ) throws(PostgreSQLFailure) -> [PostgreSQLAnswer] {
        var answers: [PostgreSQLAnswer] = []
        var failure: PostgreSQLFailure?
        var rest = expected[...]
        var blanks = 0
        while true {
            try awaitResult(patience)
            guard let result = PQgetResult(connection) else {
                // One stands after each answer; two mean that nothing more will come.
                blanks += 1
                if blanks > 1 { throw failure?.lost ?? PostgreSQLFailure(connection, nil, sql: nil).lost }
                continue
            }
            defer { PQclear(result) }
            blanks = 0
            let status = PQresultStatus(result)
            if status == PGRES_PIPELINE_SYNC { break }
            guard let next = rest.popFirst() else { continue }
            let isGood = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY
            switch next {
            case .preparation(let key): if !isGood { statements?.forget(key) }
            case .removal(let name): if !isGood { statements?.keepEvicted(name) }
            case .answer: if isGood { answers.append(PostgreSQLResult.answer(result)) }
            }
            if !isGood, failure == nil {
                let first = PostgreSQLFailure(connection, result, sql: next.sql)
                // The server's last words: nothing comes after them.
                if first.isLost { throw first }
                failure = first
            }
        }
        if let failure { throw failure }
        return answers
    }

    /// Reads the answer to a ROLLBACK that was not waited for.
    private mutating func settle(_ patience: Timestamp.Span?) throws(PostgreSQLFailure) {
        guard isOwed else { return }
        isOwed = false
        do throws(PostgreSQLFailure) { _ = try collect([.answer(sql: "ROLLBACK")], patience) } catch {
            isBroken = true
            throw error.lost
        }
    }

    /// Sends what is unsent and reads until the next result is whole.
    private func awaitResult(_ patience: Timestamp.Span?) throws(PostgreSQLFailure) {
        while true {
            let unsent = PQflush(connection)
            if unsent < 0 { throw PostgreSQLFailure(connection, nil, sql: nil).lost }
            if PQisBusy(connection) == 0 { return }
            let events = unsent > 0 ? POLLIN | POLLOUT : POLLIN
            var socket = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
            let ready = poll(&socket, 1, patience.map { Int32(clamping: $0.milliseconds) } ?? -1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { throw .silence }
            if socket.revents & ~Int16(POLLOUT) != 0, PQconsumeInput(connection) == 0 {
                throw PostgreSQLFailure(connection, nil, sql: nil).lost
            }
        }
    }
}

extension PostgreSQLHandle.Expected {
    fileprivate var sql: String? {
        switch self {
        case .preparation(let key): key.sql
        case .removal(let name): "DEALLOCATE \(name)"
        case .answer(let sql): sql
        }
    }
}
