import Crypto
import Encodings
import JOSE
import Model

/// Public keys as JSON Web Keys (RFC 7517).
extension ResourceDecoder {
    /// Reads the member `jwk` of a key.
    /// - Parameter id: that of the key, which clients send as `kid`.
    func publicKey(_ jwk: Node, id: String) -> PublicKey? {
        if let name = ["d", "p", "q", "dp", "dq", "qi", "k"].first(where: jwk.has) {
            diagnostics.add(jwk.member(name), "is a private part; a seed needs the public members only")
            return nil
        }
        guard let key = PublicKey(jwk: jwk.object) else {
            reportUnreadable(jwk)
            return nil
        }
        warn(jwk, id: id)
        return key
    }

    private func reportUnreadable(_ jwk: Node) {
        guard !jwk.has("keys") else {
            return diagnostics.add(jwk.location, "is a key set; write one key out of \"keys\"")
        }
        let numbers = ["RSA": ["n", "e"], "EC": ["x", "y"], "OKP": ["x"]][jwk.text("kty") ?? ""] ?? []
        for name in numbers {
            guard let text = jwk.object[name] else {
                return diagnostics.add(jwk.location, "has no member \"\(name)\", which a key of this kty needs")
            }
            guard let text = text.string, Base64.urlDecoded(Array(text.utf8)) != nil else {
                return diagnostics.add(
                    jwk.member(name), "is not a string of base64url, which has - and _ and no = at its end")
            }
        }
        diagnostics.add(
            jwk.location, "is not a public key; expected kty RSA with n and e, or kty EC with crv P-256, x and y")
    }

    /// Warns of members that say that the key is not meant so, or that have no effect.
    private func warn(_ jwk: Node, id: String) {
        if let keyID = jwk.text("kid"), keyID != id {
            diagnostics.warn(
                jwk.member("kid"),
                "has no effect: clients send the id of the key as kid, which is \"\(id)\"; set the key's \"id\", which has digits only"
            )
        }
        if let use = jwk.text("use"), use != "sig" {
            diagnostics.warn(jwk.member("use"), "is \(TextRules.quoted(use)); the key is used for signatures")
        }
        if let algorithm = jwk.text("alg"), SignatureAlgorithm(rawValue: algorithm) == nil {
            diagnostics.warn(
                jwk.member("alg"), "is \(TextRules.quoted(algorithm)), which no assertion can be signed with")
        }
        if let operations = jwk.strings("key_ops"), !operations.contains("verify") {
            diagnostics.warn(jwk.member("key_ops"), "lacks \"verify\"; the key is used for signatures")
        }
    }
}
