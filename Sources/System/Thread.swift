import Glibc

/// A thread of the system. Event loops block, so they do not belong on Swift's cooperative pool.
public struct Thread: Sendable {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let id: pthread_t

    /// Runs the body on a new thread.
    public init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        var id = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &id, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw ThreadError(code: code)
        }
        self.id = id
    }

    /// Runs the body on a new thread that nothing waits for.
    public static func detach(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        pthread_detach(try Thread(body).id)
    }

    /// Waits for the body to end. Called once for each thread, or its stack is never given back.
    public func join() {
        pthread_join(id, nil)
    }
}
