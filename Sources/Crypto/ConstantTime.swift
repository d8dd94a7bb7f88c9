import COpenSSL

/// Compares in a time that does not depend on where the first difference is. It does depend on whether the lengths are equal.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
