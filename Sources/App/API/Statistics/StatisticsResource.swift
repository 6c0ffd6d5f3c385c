import Core
import Database
import HTTP
import SQL
import Text

/// `stats`: the dashboard's figures for any stretch of time.
struct StatisticsResource: APIResource {
    let host: Host

    private static let longest = Timestamp.Span.days(366)
    private static let usual = Timestamp.Span.days(7)
    private static let parameters = [
        Endpoint.QueryParameter("from", .time, "The first moment; a week before the end where nothing is said."),
        Endpoint.QueryParameter("to", .time, "The moment after the last; now where nothing is said."),
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/stats", .scope(.read), "getStatistics",
                "What the messages that were planned in this time came to.", query: Self.parameters,
                gives: [.done(.reference("Statistics"))], handler: show)
        ]
    }

    private func show(_ request: Request, _ context: Context) throws -> Response {
        var fields = Fields()
        let last = time("to", of: request, &fields)
        let end = last ?? host.clock.now()
        let start = time("from", of: request, &fields) ?? end - Self.usual
        if start >= end { fields.reject("from", "invalid", "The first moment has to be before the last.") }
        if end - start > Self.longest { fields.reject("from", "invalid", "Ask for 366 days at most.") }
        for (name, _) in request.query.pairs where !Self.parameters.contains(where: { $0.name == name }) {
            fields.reject(name, "unknown", "Figures are asked for by from and to.")
        }
        try fields.finish()
        let counts = try host.database.read { tx in
            try MessageFigure.allCases.map { ($0, try $0.count(from: start, to: last, in: tx)) }
        }
        return .json(StatisticsJSON.bytes(from: start, to: end, counts))
    }

    private func time(_ name: String, of request: Request, _ fields: inout Fields) -> Timestamp? {
        guard let text = request.query[name] else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            fields.reject(name, "invalid", "Send a time like 2026-11-20T10:28:18.042Z.")
            return nil
        }
        return time
    }
}

/// Figures as the API writes them.
enum StatisticsJSON {
    static let schema = Schema.object([
        .required("from", .time), .required("to", .time),
        .required("messages", .object(MessageFigure.allCases.map { .required($0.rawValue, .count(0...(.max))) })),
    ])

    static func bytes(from start: Timestamp, to end: Timestamp, _ counts: [(MessageFigure, Int)]) -> [UInt8] {
        JSONWriter.object { json in
            json.field("from", start)
            json.field("to", end)
            json.object("messages") { json in for (figure, count) in counts { json.field(figure.rawValue, count) } }
        }
    }
}
