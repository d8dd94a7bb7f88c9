import Encodings
import Model
import OAuth

/// The credentials in a request, read as all endpoints read them, before anything is looked up.
struct PresentedCredentials: Sendable {
    /// Empty when only an assertion was sent.
    let clientID: String
    /// Empty when none was sent.
    let secret: Secret
    /// Id and secret before they were form-decoded.
    private let rawClientID: String
    private let rawSecret: Secret
    private let latin1Secret: Secret?
    /// Whether they came in a Basic header.
    private let isBasic: Bool
    /// Whether the Basic header has characters that form encoding would have escaped.
    private let wasNotEncoded: Bool
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
        rawClientID = basic?.rawClientID ?? request.form.lastRaw("client_id") ?? ""
        rawSecret = basic?.rawSecret ?? Secret(request.form.lastRaw("client_secret") ?? "")
        latin1Secret = basic?.latin1Secret
        isBasic = basic != nil
        wasNotEncoded = basic?.wasNotEncoded ?? false
        if !clientID.isEmpty { request.trace.client = clientID }
        let sent = request.form.last("client_assertion") ?? ""
        assertion = sent.isEmpty ? nil : sent
        guard !clientID.isEmpty || assertion != nil else {
            let met =
                switch request.authorization?.prefix(7).lowercased() {
                case nil: "no Authorization header, no client_id, no client_assertion"
                case "bearer ": "a Bearer header, which does not authenticate a client"
                case _ where basic != nil:
                    "a Basic header with nothing in front of the colon, where the client id belongs"
                default: "an Authorization header that is not a Basic header with base64 of id:secret"
                }
            let alone =
                request.form.first("grant_type") == nil ? "" : "; an app without a secret sends client_id alone"
            throw Rejection(
                .credentialsMissing,
                "\(met); send Basic credentials, client_id and client_secret, or client_assertion\(alone)\(request.missingForm("client_id"))"
            )
        }
        let type = request.form.last("client_assertion_type") ?? ""
        if assertion != nil, type != clientAssertionTypeJWTBearer {
            throw Rejection(
                .assertionType,
                "client_assertion_type is \"\(type.truncated)\"; expected \"\(clientAssertionTypeJWTBearer)\"\(type.wrappingHint)",
                value: type)
        }
        Self.warn(basic: basic, formSecret: formSecret, hasAssertion: assertion != nil, request)
    }

    /// Who sent a request, as far as it says so; nil when it does not, or cannot be read.
    static func clientID(of request: RequestContext) -> String? {
        let basic = (try? BasicCredentials.parse(request.authorization))?.clientID
        let assertion = request.form.last("client_assertion").flatMap { try? AssertionClaims($0).issuer }
        return [basic, request.form.last("client_id"), assertion].compactMap(\.self).first { !$0.isEmpty }
    }

    // MARK: What would have been right

    /// Words that say by which mistake a right secret became a wrong one; empty when there is none.
    func likelyMistake(_ hash: SecretHash?, _ trace: Trace) -> String {
        guard let hash else { return "" }
        if rawSecret.exposed != secret.exposed, matches(rawSecret, hash) {
            return ", but it would be without form-decoding: \(encodingRule(trace))"
        }
        if let twice = Self.decodedOnceMore(secret.exposed), matches(Secret(twice), hash) {
            return ", but it would be if it were decoded once more: form-encode it once only"
        }
        if let latin1Secret, matches(latin1Secret, hash) {
            return ", but it would be in UTF-8; the header has it in ISO 8859-1"
        }
        if Wrapping.isPlaceholder(secret.exposed) { return ": it is a variable that was not filled in" }
        guard let wrapping = Wrapping(secret.exposed), matches(Secret(Wrapping.unwrapped(secret.exposed)), hash) else {
            return ""
        }
        return ": it \(wrapping.problem)"
    }

    /// Words that say by which mistake a known client id became an unknown one; nil when there is none.
    func likelyMistake(clientID isKnown: (String) -> Bool, _ trace: Trace) -> String? {
        if !rawClientID.hasSameBytes(as: clientID), isKnown(rawClientID) {
            return "without form-decoding it is \(rawClientID.truncated), which is known: \(encodingRule(trace))"
        }
        if let twice = Self.decodedOnceMore(clientID), isKnown(twice) {
            return "decoded once more it is \(twice.truncated), which is known: form-encode it once only"
        }
        if let wrapping = Wrapping(clientID), isKnown(Wrapping.unwrapped(clientID)) {
            return "it \(wrapping.problem)"
        }
        return idWithColon(isKnown)
    }

    /// The beginning of the secret is part of the id, when that has a colon and was not encoded.
    private func idWithColon(_ isKnown: (String) -> Bool) -> String? {
        guard isBasic else { return nil }
        var id = rawClientID
        for part in rawSecret.exposed.split(separator: ":", maxSplits: 8, omittingEmptySubsequences: false).dropLast() {
            id += ":" + part
            guard isKnown(id) else { continue }
            return "\(id.truncated) is known, but the colon in it ends the id: send it as %3A"
        }
        return nil
    }

    /// What a caller has to do who did not encode, and the warning that this was the cause.
    private func encodingRule(_ trace: Trace) -> String {
        guard isBasic else {
            return "encode the values of the form, so that '+' becomes %2B and '%' becomes %25"
        }
        Self.warnOfEncoding(trace)
        return
            "encode id and secret before base64, so that '+' becomes %2B and '%' becomes %25 (RFC 6749 section 2.3.1)"
    }

    private static func decodedOnceMore(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return nil }
        return PercentEncoding.formDecoded(Array(text.utf8))
    }

    // MARK: Warnings

    /// Warns of id or secret that were right here, and would not be everywhere, because they were not encoded. For credentials that were believed: where they are
    /// refused, the encoding is only mentioned when it is the cause.
    func warnOfEncoding(_ trace: Trace) {
        if wasNotEncoded { Self.warnOfEncoding(trace) }
    }

    private static func warnOfEncoding(_ trace: Trace) {
        trace.warn(.basicNotEncoded, "id or secret was not form-encoded before base64 (RFC 6749 section 2.3.1)")
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
        if let basic, let id = request.form.last("client_id"), !id.isEmpty, !id.hasSameBytes(as: basic.clientID) {
            request.trace.warn(
                .parameterIgnored, "client_id \"\(id.truncated)\" is ignored; the Basic header names another client")
        }
        if request.form.isInQuery("client_secret") {
            request.trace.warn(
                .secretInQuery, "client_secret is in the query string, where logs and proxies can see it")
        }
    }
}
