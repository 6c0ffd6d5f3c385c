package import Core

/// A compiled template for values of one model.
package struct PageTemplate<Model: TemplateModel>: Sendable {
    /// Overrides of the site that were left aside because they are broken.
    package let problems: [TemplateError]
    private let program: Program

    init(_ program: Program, problems: [TemplateError]) {
        self.program = program
        self.problems = problems
    }

    package func render(_ model: Model, _ context: RenderContext) -> [UInt8] {
        Renderer.render(program, of: model, context)
    }

    package func render(
        _ model: Model, words: any TemplateWords, zone: String = "UTC", now: Timestamp
    ) -> [UInt8] {
        render(model, RenderContext(words: words, zone: zone, now: now))
    }
}

/// A compiled template for data without a declared shape: names are looked up while it renders, and what is not
/// there is empty.
package struct UntypedTemplate: Sendable {
    let program: Program

    /// - Parameter context: what forms need (`{{date:…}}`); without it they write nothing.
    package func render(_ data: TemplateValue, _ context: RenderContext? = nil) -> [UInt8] {
        Renderer.render(program, of: data, context)
    }
}
