import Glibc

/// A thread of our own that may block, unlike those of Swift's cooperative pool.
package struct Thread: Sendable {
    private let handle: pthread_t

    /// - Parameter name: shown by `top -H`; the system keeps its first 15 bytes.
    /// - Throws: `StartError` when the system has no room for another thread.
    package static func start(
        _ name: String, _ body: @escaping @Sendable () -> Void
    ) throws(StartError) -> Thread {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let status = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                start.setName()
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            throw StartError(status: status)
        }
        return Thread(handle: handle)
    }

    /// Waits for the thread's end. Exactly one of `join` and `detach` must be called, once.
    package func join() { pthread_join(handle, nil) }

    /// Lets the thread end by itself.
    package func detach() { pthread_detach(handle) }

    /// The system refused another thread (`status` is an errno value).
    package struct StartError: Error, Sendable, CustomStringConvertible {
        package let status: Int32
        package var description: String { "cannot start a thread (error \(status))" }
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        /// By way of /proc: the function for it is a GNU extension that Swift does not see. A name is not worth an error.
        func setName() {
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            _ = Array(name.utf8.prefix(15)).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            close(file)
        }
    }
}
