import Glibc

/// Nanoseconds that the processor worked for this thread, in which other tests and other processes have no part.
public func processorTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
