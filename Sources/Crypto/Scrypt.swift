import COpenSSL

/// scrypt (RFC 7914) with small parameters: enough for the passwords of a test double, and fast to load.
public func scrypt(_ password: String, salt: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let text = Array(password.utf8).map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(text, text.count, salt, salt.count, 1 << 10, 8, 1, 4 << 20, &out, out.count)
    precondition(done == 1, "scrypt with fixed parameters cannot fail")
    return out
}
