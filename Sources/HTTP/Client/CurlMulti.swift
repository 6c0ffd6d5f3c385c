import CNet

/// libcurl's multi handle, and with it the kept connections.
///
/// `@unchecked Sendable` is true because only the loop's thread calls anything but `wake`, which libcurl allows
/// from every thread (curl_multi_wakeup).
final class CurlMulti: @unchecked Sendable {
    private let handle: OpaquePointer

    /// libcurl's global state, made once before any handle.
    static let start = cnet_curl_start()

    init?(keptConnections: Int) {
        guard Self.start == 0, let handle = cnet_multi_create(keptConnections) else { return nil }
        self.handle = handle
    }

    deinit { cnet_multi_free(handle) }

    func wake() { cnet_multi_wakeup(handle) }

    func add(_ transfer: OpaquePointer) -> Int32 { cnet_multi_add(handle, transfer) }
    func remove(_ transfer: OpaquePointer) { cnet_multi_remove(handle, transfer) }

    /// Moves every transfer as far as it goes without waiting.
    func perform() -> Int32 { cnet_multi_perform(handle) }

    /// Waits until a transfer can move, `wake` is called or the time is over.
    func wait(milliseconds: Int32) { _ = cnet_multi_poll(handle, milliseconds) }

    /// A transfer that has ended, taken out of the handle, with libcurl's result.
    func nextDone() -> (transfer: OpaquePointer, code: Int32)? {
        var code: Int32 = 0
        return cnet_multi_next_done(handle, &code).map { ($0, code) }
    }
}
