import Glibc

/// The descriptors 0 to 2, which every library takes for standard input, output and error.
public enum StandardDescriptors {
    /// Opens those that the parent closed on `/dev/null`; otherwise the next file that is opened, perhaps the database, would get the log.
    public static func open() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is given.
            _ = Glibc.open("/dev/null", O_RDWR)
        }
    }
}
