import Crypto
import Glibc
import TestSupport
import Testing

@Suite struct `The keyring` {
    let folder: TemporaryFolder
    let file: KeyFile

    init() throws {
        folder = try TemporaryFolder()
        file = KeyFile(path: folder.file("master.key"))
    }

    @Test func `takes over another key file and opens with all of its keys`() throws {
        let keyring = try Keyring(file)
        let old = keyring.sealer.current
        let sealed = keyring.sealer.seal([1, 2], name: "n")
        #expect(try !keyring.refresh())
        let new = MasterKey.make()
        try file.replace(with: [new, old])
        #expect(try keyring.refresh())
        #expect(keyring.sealer.keys == [new, old])
        #expect(try keyring.sealer.open(sealed, name: "n") == [1, 2])
        #expect(try !keyring.refresh())
    }

    @Test func `goes on with the keys it has while the file is gone, and takes the next one`() throws {
        let keyring = try Keyring(file)
        let old = keyring.sealer.current
        #expect(unlink(file.path) == 0)
        #expect(try !keyring.refresh())
        #expect(keyring.sealer.current == old)
        let new = MasterKey.make()
        try file.replace(with: [new])
        #expect(try keyring.refresh())
        #expect(keyring.sealer.current == new)
    }

    @Test func `says once what is wrong with the file, and keeps its keys`() throws {
        let keyring = try Keyring(file)
        let old = keyring.sealer.current
        #expect(chmod(file.path, 0o644) == 0)
        try file.replace(with: [MasterKey.make()])
        #expect(chmod(file.path, 0o644) == 0)
        #expect(throws: CryptoError.self) { try keyring.refresh() }
        #expect(try !keyring.refresh())
        #expect(keyring.sealer.current == old)
    }

    @Test func `is changed by one process at a time`() throws {
        _ = try file.loadOrCreate()
        try file.alone {
            let error = #expect(throws: CryptoError.self) { try file.alone {} }
            #expect(error?.message.contains("another process is changing") == true)
        }
        try file.alone {}
    }
}
