package import Core
package import Text

// What Meta would tell the shop's server.
extension MetaDouble {
    /// Statuses of messages, all in one delivery.
    package func webhook(statuses: MetaStatus...) -> MetaWebhook { webhook(statuses: statuses) }

    package func webhook(statuses: [MetaStatus]) -> MetaWebhook {
        webhook(field: "messages") { json in
            json.array("statuses") { for status in statuses { status.write(to: &$0) } }
        }
    }

    /// The status of a send that this double took; nil for one that it refused.
    package func webhook(
        _ status: String, of send: MetaSend, at: Timestamp? = nil, code: Int? = nil
    ) -> MetaWebhook? {
        guard let id = send.id else { return nil }
        return webhook(
            statuses: MetaStatus(
                id: id, status, recipient: String(send.to.drop { $0 == "+" }), at: at ?? clock.now(),
                callbackData: send.callbackData, code: code))
    }

    /// A text that a person writes.
    /// - Parameter from: the phone's digits, without `+`.
    package func webhook(
        text: String, from: String, name: String = "Ada Example", id: String = "wamid.INBOUND1",
        at: Timestamp? = nil, replyingTo quoted: String? = nil
    ) -> MetaWebhook {
        inbound(from: from, name: name, id: id, at: at, quoted: quoted, type: "text") { json in
            json.object("text") { $0.field("body", text) }
        }
    }

    /// A tap on a quick-reply button of a template.
    package func webhook(
        buttonPayload: String, label: String, from: String, replyingTo quoted: String,
        id: String = "wamid.INBOUND2", at: Timestamp? = nil
    ) -> MetaWebhook {
        inbound(from: from, name: "Ada Example", id: id, at: at, quoted: quoted, type: "button") { json in
            json.object("button") {
                $0.field("payload", buttonPayload)
                $0.field("text", label)
            }
        }
    }

    /// A person's choice about marketing, made in WhatsApp itself.
    /// - Parameter value: `stop` or `resume`.
    package func webhook(marketing value: String, from: String, at: Timestamp? = nil) -> MetaWebhook {
        webhook(field: "user_preferences") { json in
            contact(from, "Ada Example", to: &json)
            json.array("user_preferences") {
                $0.object {
                    $0.field("wa_id", from)
                    $0.field("detail", "User requested to \(value) marketing messages")
                    $0.field("category", "marketing_messages")
                    $0.field("value", value)
                    $0.field("timestamp", (at ?? clock.now()).milliseconds / 1000)
                }
            }
        }
    }

    /// A change of a template's status. The language is written as template webhooks write it, with a hyphen.
    package func webhook(template: MetaTemplate, event: String, reason: String = "NONE") -> MetaWebhook {
        sign(field: "message_template_status_update") {
            $0.field("event", event)
            $0.field("message_template_id", Int(template.id) ?? 0)
            $0.field("message_template_name", template.name)
            $0.field("message_template_language", template.language.replacing("_", with: "-"))
            $0.field("reason", reason)
            $0.field("message_template_category", template.category)
        }
    }

    /// Any value of any field, in the usual envelope and signed.
    package func webhook(field: String, _ value: (inout JSONWriter) -> Void) -> MetaWebhook {
        sign(field: field) {
            $0.field("messaging_product", "whatsapp")
            $0.object("metadata") {
                $0.field("display_phone_number", "12025550100")
                $0.field("phone_number_id", phoneNumberID)
            }
            value(&$0)
        }
    }

    private func inbound(
        from: String, name: String, id: String, at: Timestamp?, quoted: String?, type: String,
        _ content: (inout JSONWriter) -> Void
    ) -> MetaWebhook {
        webhook(field: "messages") { json in
            contact(from, name, to: &json)
            json.array("messages") {
                $0.object {
                    $0.field("from", from)
                    $0.field("id", id)
                    $0.field("timestamp", String((at ?? clock.now()).milliseconds / 1000))
                    $0.field("type", type)
                    content(&$0)
                    if let quoted {
                        $0.object("context") {
                            $0.field("from", "12025550100")
                            $0.field("id", quoted)
                        }
                    }
                }
            }
        }
    }

    private func contact(_ from: String, _ name: String, to json: inout JSONWriter) {
        json.array("contacts") {
            $0.object {
                $0.object("profile") { $0.field("name", name) }
                $0.field("wa_id", from)
            }
        }
    }

    private func sign(field: String, _ value: (inout JSONWriter) -> Void) -> MetaWebhook {
        let json = JSONWriter.object {
            $0.field("object", "whatsapp_business_account")
            $0.array("entry") {
                $0.object {
                    $0.field("id", wabaID)
                    $0.array("changes") {
                        $0.object {
                            $0.object("value") { value(&$0) }
                            $0.field("field", field)
                        }
                    }
                }
            }
        }
        return MetaWebhook(json, secret: appSecret)
    }
}
