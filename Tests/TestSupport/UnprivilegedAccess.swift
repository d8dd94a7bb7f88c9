import Glibc

@_silgen_name("setfsuid") private func setFileSystemUser(_ id: UInt32) -> Int32

/// Runs with the access to files that a user has who is not root, whom no permissions stop. It holds for this thread only (setfsuid(2)).
public func withoutRoot<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard geteuid() == 0 else { return try body() }
    _ = setFileSystemUser(65_534)
    defer { _ = setFileSystemUser(0) }
    return try body()
}
