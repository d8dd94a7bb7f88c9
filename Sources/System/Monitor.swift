import Glibc

/// A value that threads share, and whose changes they can wait for.
///
/// `@unchecked Sendable`: every access to the value is made while the mutex is held.
public final class Monitor<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Changes the value, and wakes those who wait.
    @discardableResult
    public func change<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return try body(&value)
    }

    /// Waits until the function gives a result.
    /// - Parameter milliseconds: the longest time to wait; nil for as long as it takes.
    /// - Returns: nil when the time is over.
    public func wait<Result>(milliseconds: Int64? = nil, _ body: (inout Value) -> Result?) -> Result? {
        var limit = timespec()
        if let milliseconds {
            clock_gettime(CLOCK_MONOTONIC, &limit)
            let nanoseconds = Int64(limit.tv_nsec) + milliseconds % 1000 * 1_000_000
            limit.tv_sec += Int(milliseconds / 1000 + nanoseconds / 1_000_000_000)
            limit.tv_nsec = Int(nanoseconds % 1_000_000_000)
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) {
                pthread_cond_broadcast(changed)
                return result
            }
            if milliseconds == nil {
                pthread_cond_wait(changed, mutex)
            } else if pthread_cond_timedwait(changed, mutex, &limit) == ETIMEDOUT {
                return body(&value)
            }
        }
    }
}
