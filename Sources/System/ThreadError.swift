import Glibc

/// The system has no thread to give.
public struct ThreadError: Error, CustomStringConvertible {
    let code: Int32
    public var description: String { "no more threads: \(String(cString: strerror(code)))" }
}
