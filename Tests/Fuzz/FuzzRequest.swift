import Glibc
import RequestOracle

/// Finds bytes that our reader takes and http_parser reads another way, or that trap.
///
/// Built with FUZZ=1 (docs/decisions/0003-own-http-server.md); the corpus beside this file is where it begins.
private let readInTwoWays: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { bytes, count in
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let verdict = RequestOracle.verdict(on: input)
    if case .different(let what) = verdict { fail("read in two ways: \(what)") }
    // However the body is cut into pieces, the reading is the same.
    if verdict == .same, let whole = try? RequestOracle.read(input),
        let pieces = try? RequestOracle.read(input, step: 1),
        whole.body != pieces.body || whole.used != pieces.used
    {
        fail("pieces change the reading")
    }
    return 0
}

/// Says why, and dies in the way that makes libFuzzer keep the input.
private func fail(_ what: String) -> Never {
    let line = Array((what + "\n").utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    abort()
}

/// libFuzzer's own loop (LLVM, "Using libFuzzer as a library"); it has no header that Swift could import.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's entry: SwiftPM calls a target's main function by this name.
@_cdecl("FuzzRequest_main")
func fuzzRequest(_ count: CInt, _ arguments: UnsafeMutableRawPointer) -> CInt {
    var count = count
    var arguments = arguments
    return runFuzzer(&count, &arguments, readInTwoWays)
}
