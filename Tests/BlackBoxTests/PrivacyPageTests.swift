import TestSupport
import Testing

/// What is written of privacy is what the program declares: after a change of a plugin's hosts or tables, record anew.
@Suite struct `docs/privacy.md` {
    @Test func `is what the program says of itself`() throws {
        let folder = try TemporaryFolder()
        let run = try Cartwright.run([
            "privacy", "--markdown", "--data", folder.path, "--resources", RepositoryFile.root,
        ])
        #expect(run.status == 0, "\(run.errors)")
        try Snapshot.check(run.output, "docs/privacy.md")
    }
}
