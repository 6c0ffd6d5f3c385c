import Glibc

/// Where the program's own files are: templates, static files, words.
package struct Resources: Sendable {
    package let root: String

    package var templates: String { root + "/Templates" }
    package var assets: String { root + "/Public" }
    package var locales: String { root + "/Locales" }

    /// The folder named, else the first that has them: `share/cartwright` beside the program's `bin`, which is an
    /// installed program's and never anybody else's; the working folder; the program's own, and those above it (a
    /// build in `.build/…`).
    package static func find(_ named: String?) throws -> Resources {
        let program = ProgramFile.folder
        var places = [program + "/../share/cartwright", "."]
        var folder = program
        for _ in 0..<5 {
            places.append(folder)
            folder = folder.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
        }
        for place in named.map({ [$0] }) ?? places where access(place + "/Locales/en.po", R_OK) == 0 {
            return Resources(root: place)
        }
        let looked = named ?? "the working folder and the program's own"
        throw FolderError(
            description: "no Templates, Public and Locales in \(looked); name their folder with --resources DIR")
    }
}
