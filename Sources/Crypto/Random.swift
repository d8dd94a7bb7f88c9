import COpenSSL

/// Bytes from OpenSSL's random generator.
public func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // RAND_bytes fails only when the system has no entropy source at all; there is no safe way to continue.
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no source of random numbers")
    return bytes
}
