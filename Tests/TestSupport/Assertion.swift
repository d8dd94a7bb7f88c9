public import Crypto
public import Encodings

/// Assertions as clients make them, good ones and others.
public enum Assertion {
    /// Signs claims.
    /// - Parameters:
    ///   - header: further members of the header; one that is already there is replaced, `.null` removes it.
    ///   - algorithm: what signs; the header says the same unless `header` says another.
    public static func sign(
        _ claims: JSONObject, by key: PrivateKey, keyID: String?, algorithm: SignatureAlgorithm = .rs256,
        header extra: JSONObject = [:]
    ) -> String {
        var header: JSONObject = ["alg": .string(algorithm.rawValue)]
        if let keyID { header.append("kid", .string(keyID)) }
        for member in extra.members {
            header.members.removeAll { $0.name == member.name }
            if member.value != .null { header.members.append(member) }
        }
        let input =
            Base64.urlEncoded(JSON.object(header).bytes()) + "." + Base64.urlEncoded(JSON.object(claims).bytes())
        guard let signature = try? key.sign(Array(input.utf8), by: algorithm) else { return input + "." }
        return input + "." + Base64.urlEncoded(signature)
    }

    /// The claims that a good assertion has; members of `changes` replace them, `.null` removes them.
    public static func claims(
        of subject: String, audience: String, now: Int64, _ changes: JSONObject = [:]
    ) -> JSONObject {
        var claims: JSONObject = [
            "iss": .string(subject), "sub": .string(subject), "aud": .string(audience), "iat": .integer(now),
            "exp": .integer(now + 3600),
        ]
        for member in changes.members {
            claims.members.removeAll { $0.name == member.name }
            if member.value != .null { claims.members.append(member) }
        }
        return claims
    }
}
