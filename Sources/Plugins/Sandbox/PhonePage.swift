import Core
import Domain
import HTTP
import PluginKit

/// `/admin/phone`: every chat, one of them open. Whoever may change things answers there and reports statuses.
struct PhonePage: Sendable {
    static let path = "/admin/phone"
    static let template = "sandbox/phone"
    /// More would be no overview; the older ones are found from their messages.
    private static let chatLimit = 100
    private static let messageLimit = 200

    let phones: Phones
    let contacts: any Contacts
    let site: @Sendable () -> Site
    let page: PreparedPage<PhoneModel>

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.viewer)) { try show(nil, $0, $1) },
            Route(.get, Self.path + "/{chat}", .role(.viewer)) { try show(chatID($1), $0, $1) },
            Route(.post, Self.path + "/{chat}/answer", .role(.manager)) { try answer($0, $1) },
            Route(.post, Self.path + "/{chat}/status", .role(.manager)) { try report($0, $1) },
        ]
    }

    // MARK: Looking

    private func show(_ id: ID?, _ request: Request, _ context: Context) throws -> Response {
        let viewer = Viewer(context.caller)
        let open = try id.flatMap { try phones.open($0, limit: Self.messageLimit) }
        var model = PhoneModel(shopName: site().name, canWrite: viewer.canWrite)
        model.chats = try phones.chats(limit: Self.chatLimit).map { chat in
            PhoneModel.Chat(
                id: chat.id, name: try viewer.name(of: chat, contacts), phone: viewer.phone(of: chat),
                last: String(chat.latest.prefix(120)), at: chat.latestAt, isCurrent: chat.id == open?.chat.id)
        }
        if let open {
            model.open = PhoneModel.Open(
                id: open.chat.id, name: try viewer.name(of: open.chat, contacts), phone: viewer.phone(of: open.chat),
                messages: open.messages)
        }
        let isMissing = open == nil && context.parameters["chat"] != nil
        return try page.respond(model, isMissing ? 404 : 200, request, context)
    }

    // MARK: Acting

    private func answer(_ request: Request, _ context: Context) throws -> Response {
        guard let id = chatID(context), let open = try phones.open(id, limit: 0) else { return back(to: nil) }
        let text = (request.form["quick"] ?? request.form["text"] ?? "").trimmingSpaces
        if !text.isEmpty {
            let name = try open.chat.phone.flatMap { try contacts.find(phone: $0) }?.firstName ?? ""
            try phones.answer(
                String(text.unicodeScalars.prefix(Phones.longestText)), in: open.chat,
                profileName: name.isEmpty ? nil : name)
        }
        return back(to: id)
    }

    private func report(_ request: Request, _ context: Context) throws -> Response {
        guard let chat = chatID(context) else { return back(to: nil) }
        if let message = request.form["message"].flatMap({ ID($0) }),
            let status = request.form["status"].flatMap({ MessageStatus(rawValue: $0) })
        {
            try phones.report(status, of: message, in: chat)
        }
        return back(to: chat)
    }

    private func chatID(_ context: Context) -> ID? { context.parameters["chat"].flatMap { ID($0) } }

    private func back(to chat: ID?) -> Response {
        .redirect(to: chat.map { "\(Self.path)/\($0)" } ?? Self.path)
    }
}

/// What the person at the page may see and do.
private struct Viewer {
    let canWrite: Bool

    init(_ caller: Caller) {
        if case .user(_, _, let role, _) = caller { canWrite = role >= .manager } else { canWrite = false }
    }

    func phone(of chat: PhoneChat) -> String {
        canWrite ? chat.recipient : MaskedPhone.text(chat.recipient)
    }

    func name(of chat: PhoneChat, _ contacts: any Contacts) throws -> String {
        let contact = try chat.phone.flatMap { try contacts.find(phone: $0) }
        let name = [contact?.firstName ?? "", contact?.lastName ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return name.isEmpty ? phone(of: chat) : name
    }
}
