import CLocale
import Glibc

/// One message of a PO file as it stands there.
struct POMessage: Sendable {
    let key: String
    let isCounted: Bool
    /// One for a plain message, else one for each plural category.
    let forms: [String]
}

/// A PO file, read by gettext's own library.
struct POFile: Sendable {
    let path: String
    /// Those with a text that is meant for use: untranslated, fuzzy and obsolete ones are left out, and so is the
    /// header. Their keys stand in `untranslated`.
    private(set) var messages: [POMessage] = []
    private(set) var untranslated: [String] = []

    init(path: String) throws(LocalizationError) {
        self.path = path
        var problem = cl_po_problem()
        guard let file = cl_po_open(path, &problem) else {
            let message = withUnsafeBytes(of: &problem.message) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw LocalizationError(file: path, line: problem.line > 0 ? Int(problem.line) : nil, message: message)
        }
        defer { cl_po_close(file) }

        var message = cl_po_message()
        while cl_po_next(file, &message) {
            guard let key = String(validatingCString: message.key) else { throw error("not UTF-8") }
            if key.isEmpty { continue }
            let forms = try forms(of: message, key: key, in: file)
            if message.fuzzy || forms.contains(where: \.isEmpty) {
                untranslated.append(key)
            } else {
                messages.append(POMessage(key: key, isCounted: message.plural != nil, forms: forms))
            }
        }
    }

    private func forms(
        of message: cl_po_message, key: String, in file: OpaquePointer
    ) throws(LocalizationError) -> [String] {
        var pointers: [UnsafePointer<CChar>] = [message.text]
        if message.plural != nil {
            pointers = []
            while let form = cl_po_form(file, Int32(pointers.count)) { pointers.append(form) }
        }
        var forms: [String] = []
        for pointer in pointers {
            guard let text = String(validatingCString: pointer) else {
                throw error("the text of \(key) is not UTF-8", key: key)
            }
            forms.append(text)
        }
        return forms
    }

    /// An error at the line where the file names `key`.
    func error(_ message: String, key: String? = nil) -> LocalizationError {
        LocalizationError(file: path, line: key.flatMap(line), message: message)
    }

    private func line(of key: String) -> Int? {
        guard let stream = fopen(path, "r") else { return nil }
        defer { fclose(stream) }
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        var number = 1
        while getline(&buffer, &capacity, stream) >= 0, let buffer {
            if String(cString: buffer).hasPrefix("msgid \"\(key)\"") { return number }
            number += 1
        }
        return nil
    }
}
