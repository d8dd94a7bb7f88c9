import Model
import OAuth

/// The credentials in a request, read as all endpoints read them, before anything is looked up.
struct PresentedCredentials: Sendable {
    /// Empty when only an assertion was sent.
    let clientID: String
    /// Empty when none was sent.
    let secret: Secret
    /// The secret of a Basic header before it was decoded; nil when it came in another way.
    private let rawSecret: Secret?
    /// Preferred over a secret when both are there, as the recorded servers do.
    let assertion: String?

    /// - Throws: `Rejection` with `basic_undecodable`, `credentials_missing` or `assertion_type`.
    init(_ request: RequestContext) throws(Rejection) {
        let basic: BasicCredentials?
        do { basic = try BasicCredentials.parse(request.authorization) } catch {
            throw Rejection(
                .basicUndecodable,
                "the Basic header holds a '%' that two hexadecimal digits do not follow: id and secret are form-encoded before base64 (RFC 6749 2.3.1)"
            )
        }
        let formID = request.form.last("client_id") ?? ""
        let formSecret = request.form.last("client_secret") ?? ""
        clientID = basic?.clientID ?? formID
        secret = basic?.secret ?? Secret(formSecret)
        rawSecret = basic?.rawSecret
        let sent = request.form.last("client_assertion") ?? ""
        assertion = sent.isEmpty ? nil : sent
        guard !clientID.isEmpty || assertion != nil else {
            let met =
                switch request.authorization?.prefix(7).lowercased() {
                case nil: "no Authorization header, no client_id, no client_assertion"
                case "bearer ": "a Bearer header, which does not authenticate a client"
                default: "an Authorization header that is not a Basic header with base64 of id:secret"
                }
            throw Rejection(
                .credentialsMissing,
                "\(met); send Basic credentials, client_id and client_secret, or client_assertion\(request.unreadBody)")
        }
        let type = request.form.last("client_assertion_type") ?? ""
        if assertion != nil, type != clientAssertionTypeJWTBearer {
            throw Rejection(
                .assertionType,
                "client_assertion_type is \"\(type.shown)\"; expected \"\(clientAssertionTypeJWTBearer)\"", value: type)
        }
        Self.warn(basic: basic, formSecret: formSecret, hasAssertion: assertion != nil, request)
    }

    /// Words that say by which mistake a right secret became a wrong one; empty when there is none.
    func whatWouldFit(_ hash: SecretHash?, _ trace: Trace) -> String {
        guard let hash else { return "" }
        if let rawSecret, rawSecret.exposed != secret.exposed, matches(rawSecret, hash) {
            trace.warn(
                .basicNotEncoded, "id or secret was not form-encoded before base64 (RFC 6749 section 2.3.1)")
            return
                ", but it would be without form-decoding: encode id and secret before base64, so that '+' becomes %2B and '%' becomes %25 (RFC 6749 section 2.3.1)"
        }
        let text = secret.exposed
        let trimmed = text.unicodeScalars.reversed().drop { $0.properties.isWhitespace }.reversed()
        let rest = String(String.UnicodeScalarView(trimmed.drop { $0.properties.isWhitespace }))
        guard !rest.utf8.elementsEqual(text.utf8), matches(Secret(rest), hash) else { return "" }
        return ", but it would be without the white space around it, such as the line feed at the end of a file"
    }

    private static func warn(
        basic: BasicCredentials?, formSecret: String, hasAssertion: Bool, _ request: RequestContext
    ) {
        if [basic != nil, !formSecret.isEmpty, hasAssertion].filter({ $0 }).count > 1 {
            let used = hasAssertion ? "the assertion" : "the Basic header"
            request.trace.warn(
                .twoAuthMethods,
                "the request authenticates its client in more than one way; \(used) was used, and newer servers reject this"
            )
        }
        if request.form.isInQuery("client_secret") {
            request.trace.warn(
                .secretInQuery, "client_secret is in the query string, where logs and proxies can see it")
        }
        if let basic, basic.wasNotEncoded {
            request.trace.warn(
                .basicNotEncoded, "id or secret was not form-encoded before base64 (RFC 6749 section 2.3.1)")
        }
    }
}
