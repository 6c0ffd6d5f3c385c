import CMarkup
import Core
import Templating

/// Compiles and renders whatever bytes come, and holds pages against another reader of HTML: hostile data must not
/// bring an element, attribute, comment or code that harmless data does not.
package enum TemplateOracle {
    /// - Returns: what is wrong; nil when nothing is.
    package static func mistake(in bytes: [UInt8]) -> String? {
        let input = OracleInput(bytes)
        _ = try? input.library.untyped("page", .spec).render(input.hostile)
        _ = try? MessageTemplate(input.page, known: ["a", "b"]).render(["a": input.texts[0]])
        let context = OracleInput.context
        if let text = try? input.library.text("page", OracleModel.self) {
            _ = text.render(OracleModel(input.texts), context)
        }
        if let page = try? input.library.untyped("page", .page) {
            let (harmless, hostile) = (page.render(input.harmless, context), page.render(input.hostile, context))
            if let difference = difference(harmless, hostile) { return "untyped: " + difference }
        }
        if let page = try? input.library.page("page", OracleModel.self) {
            let harmless = page.render(OracleModel(OracleInput.harmlessTexts), context)
            let hostile = page.render(OracleModel(input.texts), context)
            if let difference = difference(harmless, hostile) { return "typed: " + difference }
        }
        return nil
    }

    /// Whether there is a page in the bytes that is held against the other reader.
    package static func isJudged(_ bytes: [UInt8]) -> Bool {
        let input = OracleInput(bytes)
        let untyped = try? input.library.untyped("page", .page).render(input.harmless, OracleInput.context)
        let typed = try? input.library.page("page", OracleModel.self)
            .render(OracleModel(OracleInput.harmlessTexts), OracleInput.context)
        return [untyped, typed].contains { $0.flatMap(outline).map { !$0.isDoubtful } ?? false }
    }

    /// What markup and code the second page has that the first has not, or the other way round.
    ///
    /// Pages whose own markup is such that readers may differ are not judged.
    package static func difference(_ harmless: [UInt8], _ hostile: [UInt8]) -> String? {
        guard let expected = outline(harmless), !expected.isDoubtful, let found = outline(hostile),
            expected.text != found.text
        else { return nil }
        let page = String(decoding: hostile, as: UTF8.self)
        return "harmless data gave\n\(expected.text)\nand hostile data\n\(found.text)\nin\n\(page)"
    }

    private static func outline(_ page: [UInt8]) -> (text: String, isDoubtful: Bool)? {
        var read = cmarkup_page()
        guard page.withUnsafeBufferPointer({ cmarkup_read($0.baseAddress, $0.count, &read) }) else { return nil }
        defer { cmarkup_free(&read) }
        return (String(cString: read.outline), read.is_doubtful)
    }
}
