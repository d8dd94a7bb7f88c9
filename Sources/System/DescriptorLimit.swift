import Glibc

/// How many files and connections the process may have open at a time.
public enum DescriptorLimit {
    /// What the database, the listeners and the event loops take, and some connections.
    private static let least = 64
    /// More is never asked for.
    private static let most: rlim_t = 65_536

    /// The limit is so low that nobody could be served.
    public struct TooLow: Error, CustomStringConvertible {
        public let description: String
    }

    /// Raises the limit as far as the system lets: a thousand connections need a thousand descriptors, and the usual soft limit is just that.
    /// - Returns: the limit.
    /// - Throws: `TooLow`
    @discardableResult
    public static func raise() throws(TooLow) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return Int(most) }
        limit.rlim_cur = min(limit.rlim_max, most)
        setrlimit(resource, &limit)
        guard limit.rlim_cur >= rlim_t(least) else {
            throw TooLow(
                description:
                    "the process may have only \(limit.rlim_cur) files open; allow at least \(least), such as with ulimit -n 1024"
            )
        }
        return Int(limit.rlim_cur)
    }
}
