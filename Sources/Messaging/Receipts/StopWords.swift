/// The words by which a person tells us to stop, or to go on, when they are all that the message says.
package enum StopWords {
    package enum Wish: Sendable, Equatable {
        case stop, resume
    }

    /// What a whole message wishes: letter case, accents' case, and marks around the word do not matter.
    package static func wish(_ text: String) -> Wish? {
        let word = text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
        if stop.contains(word) { return .stop }
        if resume.contains(word) { return .resume }
        return nil
    }

    /// English, Spanish, Portuguese, French, German, Italian, Dutch, Arabic, Turkish, Hindi, Indonesian, Hebrew.
    private static let stop: Set<String> = [
        "stop", "stop all", "stopall", "unsubscribe", "cancel", "end", "quit", "opt out", "optout", "no more",
        "alto", "baja", "parar", "detener", "cancelar", "basta", "no más", "no mas",
        "pare", "sair", "descadastrar",
        "arrêt", "arret", "arrêter", "arreter", "désabonner", "desabonner", "stopper",
        "stopp", "abmelden", "abbestellen", "aufhören",
        "ferma", "fermati", "annulla", "cancella", "disiscrivimi",
        "afmelden", "uitschrijven",
        "توقف", "إيقاف", "ايقاف", "إلغاء", "الغاء", "قف",
        "dur", "durdur", "iptal",
        "रोकें", "बंद करें", "berhenti", "הסר", "עצור",
    ]

    private static let resume: Set<String> = [
        "start", "unstop", "subscribe", "resume", "opt in", "optin",
        "alta", "reanudar", "suscribir", "iniciar", "voltar",
        "reprendre", "abonner", "anmelden", "starten", "iscrivimi", "riprendi", "aanmelden",
        "ابدأ", "اشترك", "başlat", "शुरू", "mulai", "התחל",
    ]
}
