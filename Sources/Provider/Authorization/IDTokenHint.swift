import Encodings
import JOSE

/// An ID token that comes back as a hint: it must be genuine, and may have expired.
struct IDTokenHint {
    let claims: JSONObject

    var subject: String { text("sub") }
    var authorizedParty: String { text("azp") }
    /// Empty for tokens that no login session stands behind.
    var sessionID: String { text("sid") }

    private func text(_ name: String) -> String { claims[name]?.string ?? "" }

    /// - Throws: `Rejection` with `id_token_hint`
    init(_ token: String, _ context: RequestContext) throws {
        let issuer = context.issuer
        guard let jws = try? CompactJWS(token) else {
            throw Rejection(.idTokenHint, "id_token_hint is no JWT; send an ID token of this server")
        }
        let met = jws.claims["iss"]?.string ?? ""
        guard met == issuer else {
            throw Rejection(
                .idTokenHint, "id_token_hint is of the issuer \"\(met.shown)\", and the request came by \"\(issuer)\"")
        }
        guard let keyID = jws.keyID, let key = try context.instance.keyRing.key(id: keyID),
            jws.algorithm == key.algorithm, jws.isSigned(by: key.publicKey)
        else {
            throw Rejection(.idTokenHint, "the signature of id_token_hint is by none of \(issuer)/oauth/v2/keys")
        }
        claims = jws.claims
    }
}
