import Core
import Domain
import Text

/// A statement of consent as JSON, for the time that it waits for its order.
enum ConsentStatementText {
    static func write(_ said: ConsentStatement) -> String {
        JSONColumn.string(
            JSONWriter.object { json in
                json.field("purpose", said.purpose.rawValue)
                json.field("action", said.action.rawValue)
                json.field("at", said.at.milliseconds)
                json.field("source", said.source)
                json.field("wording", said.wording?.text)
                json.field("wording_version", said.wording?.version)
                json.field("wording_language", said.wording?.language)
                json.field("page", said.pageURL)
                json.field("address", said.ipAddress)
                json.field("agent", said.userAgent)
                json.field("actor", said.actor)
                json.field("reason", said.reason)
            })
    }

    static func read(_ text: String) throws -> ConsentStatement {
        let json = try JSON(parsing: text, name: "statement")
        return ConsentStatement(
            purpose: Purpose(rawValue: try json["purpose"].expectString()),
            action: ConsentStatement.Action(rawValue: try json["action"].expectString()) ?? .withdraw,
            at: Timestamp(milliseconds: Int64(try json["at"].expectInt())), source: try json["source"].expectString(),
            wording: json["wording"].string.map {
                .init(text: $0, version: json["wording_version"].string, language: json["wording_language"].string)
            },
            pageURL: json["page"].string, ipAddress: json["address"].string, userAgent: json["agent"].string,
            actor: json["actor"].string, reason: json["reason"].string)
    }
}
