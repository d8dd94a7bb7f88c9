import Encodings

/// Opaque tokens: random text of the length and look that ZITADEL's encrypted ones have. They are compared as a whole, so a cut or altered one is none.
public enum OpaqueToken {
    /// Makes a token.
    /// - Parameters:
    ///   - plaintextSize: octets of `<token id>:<user id>`, which the real server encrypts: they make the length.
    ///   - namesKey: whether the header of the JWE form names a key, as those of personal access tokens do.
    public static func make(
        _ format: OpaqueTokenFormat, plaintextSize: Int, namesKey: Bool, randomBytes: (Int) -> [UInt8]
    ) -> String {
        switch format {
        case .classic:
            // An initialization vector of 16 octets and AES-CFB of the plaintext.
            return Base64.urlEncoded(randomBytes(16 + plaintextSize))
        case .jwe:
            // RFC 7516 section 7.1: header, encrypted key, initialization vector, ciphertext, tag.
            let random = randomBytes(12 + 16 + 32 + 12 + plaintextSize + 16)
            var rest = random[...]
            func take(_ count: Int) -> String {
                defer { rest = rest.dropFirst(count) }
                return Base64.urlEncoded(rest.prefix(count))
            }
            var header: JSONObject = ["alg": .string("A256GCMKW"), "enc": .string("A256GCM"), "iv": .string(take(12))]
            if namesKey { header.append("kid", .string("oidcKey")) }
            header.append("tag", .string(take(16)))
            return [Base64.urlEncoded(JSON.object(header).bytes()), take(32), take(12), take(plaintextSize), take(16)]
                .joined(separator: ".")
        }
    }
}
