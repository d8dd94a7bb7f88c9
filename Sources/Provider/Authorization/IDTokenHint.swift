import Encodings
import JOSE

/// An ID token that comes back as a hint: it must be genuine, and may have expired.
public struct IDTokenHint {
    let claims: JSONObject

    var subject: String { text("sub") }
    var authorizedParty: String { text("azp") }
    /// Empty for tokens without a login session.
    var sessionID: String { text("sid") }

    private func text(_ name: String) -> String { claims[name]?.string ?? "" }

    /// - Parameter parameter: what the token is called in sentences.
    /// - Throws: `Rejection` with `id_token_hint`
    init(_ token: String, _ context: RequestContext, parameter: String = "id_token_hint") throws {
        let issuer = context.issuer
        guard let jws = try? CompactJWS(token) else {
            throw Rejection(.idTokenHint, "\(parameter) is not a JWT; send an ID token of this server")
        }
        let met = jws.claims["iss"]?.string ?? ""
        guard met == issuer else {
            throw Rejection(
                .idTokenHint,
                "\(parameter) is of the issuer \"\(met.truncated)\", and the request came by \"\(issuer)\"")
        }
        try OwnSignature(context: context).verify(jws) { defect in
            switch defect {
            case .malformed:
                Rejection(.idTokenHint, "the header or the signature of \(parameter) cannot be read")
            case .algorithm:
                Rejection(
                    .idTokenHint,
                    "the alg of \(parameter) is \(OwnSignature.algorithm(of: jws)), which this server does not sign with"
                )
            case .key:
                Rejection(
                    .idTokenHint, "the kid of \(parameter) is not in \(issuer)\(EndpointPath.keys)",
                    variant: .unknownKey)
            case .signature(let keyID):
                Rejection(
                    .idTokenHint, "the signature of \(parameter) does not verify with key \(keyID)",
                    variant: .badSignature)
            }
        }
        claims = jws.claims
    }
}
