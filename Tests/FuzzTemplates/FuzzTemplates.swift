import Glibc
import TemplateOracle

/// Finds templates and data that make the compiler or renderer trap or hang, and pages in which data became markup.
///
/// Built with FUZZ=1; the corpus beside this file is where it begins, `templates.dict` has the words of the language.
private let tryTemplate: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { bytes, count in
    if let mistake = TemplateOracle.mistake(in: Array(UnsafeBufferPointer(start: bytes, count: count))) {
        let line = Array((mistake + "\n").utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        abort()
    }
    return 0
}

/// libFuzzer's own loop (LLVM, "Using libFuzzer as a library"); it has no header that Swift could import.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's entry: SwiftPM calls a target's main function by this name.
@_cdecl("FuzzTemplates_main")
func fuzzTemplates(_ count: CInt, _ arguments: UnsafeMutableRawPointer) -> CInt {
    var count = count
    var arguments = arguments
    return runFuzzer(&count, &arguments, tryTemplate)
}
