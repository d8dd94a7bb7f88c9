import Encodings
import JOSE
import Model

/// Checks an assertion in the order of the real server: audience, times, subject, algorithm, key, signature.
///
/// Not looked at: `nbf`, `jti` (an assertion may be used again until it is too old), `typ`, and how far `exp` is from `iat`.
struct AssertionVerifier {
    /// RFC 7523 asks for a bound; ZITADEL documents one hour.
    static let maximumAge: Int64 = 3600

    let resourceIndex: ResourceIndex
    let issuer: String
    let now: Timestamp
    /// Clock difference in seconds that is forgiven (and, for `exp`, asked for).
    let skew: Int64
    /// What the assertion is called in sentences: its parameter.
    let parameter: String
    /// Whether `sub` must be `iss`, as for everybody who speaks for themselves.
    var asksForOwnSubject = true

    /// - Parameters:
    ///   - owner: whose keys count.
    ///   - ownerName: the owner in words, such as `client 27… ("Test API")`.
    /// - Returns: what is worth a warning, although the assertion is good.
    /// - Throws: `Rejection`
    func verify(
        _ assertion: AssertionClaims, owner: RegisteredKey.Owner, ownerName: String
    ) throws(Rejection) -> [Warning] {
        try checkAudience(assertion)
        try checkTimes(assertion)
        guard assertion.subject == assertion.issuer || !asksForOwnSubject else {
            throw Rejection(
                .assertionSubject,
                "\(parameter): sub is \"\(assertion.subject.shown)\" and iss \"\(assertion.issuer.shown)\"; they must be the same",
                cause: "delegation not allowed, issuer and sub must be identical")
        }
        guard let algorithm = assertion.jws.algorithm, SignatureAlgorithm.ofAssertions.contains(algorithm) else {
            let allowed = SignatureAlgorithm.ofAssertions.map(\.rawValue).joined(separator: ", ")
            throw Rejection(
                .assertionAlgorithm,
                "\(parameter): alg is \(assertion.jws.algorithmName.map { "\"\($0.shown)\"" } ?? "missing"); allowed are \(allowed)",
                cause: "signature algorithm not supported")
        }
        try checkSignature(assertion, owner: owner, ownerName: ownerName)
        return warnings(assertion)
    }

    private func warnings(_ assertion: AssertionClaims) -> [Warning] {
        let endpoints = assertion.audience.filter { $0.hasPrefix(issuer + "/") }
        guard !endpoints.isEmpty else { return [] }
        return [
            Warning(
                "aud-has-endpoint",
                "\(parameter): aud holds \(endpoints.shownList) beside the issuer, which alone made it pass; send \"\(issuer)\" only"
            )
        ]
    }

    private func checkAudience(_ assertion: AssertionClaims) throws(Rejection) {
        guard !assertion.audience.contains(issuer) else { return }
        let met = assertion.audience.isEmpty ? "is missing or no string" : "is " + assertion.audience.shownList
        throw Rejection(
            .assertionAudience,
            "\(parameter): aud \(met); expected the issuer \"\(issuer)\" exactly, without path or trailing slash",
            cause: "audience is not valid: Audience must contain client_id \"\(issuer)\"")
    }

    private func checkTimes(_ assertion: AssertionClaims) throws(Rejection) {
        guard let expiration = assertion.expiration else {
            throw Rejection(.assertionExpired, "\(parameter): exp is missing", cause: "token has expired")
        }
        guard now.milliseconds + skew * 1000 < milliseconds(expiration) else {
            let ago = difference(now.seconds, expiration)
            let when = ago > 0 ? "\(ago) s ago" : "in \(-ago) s"
            throw Rejection(
                .assertionExpired,
                "\(parameter): exp was \(when); it must lie more than \(skew) s ahead (server time \(time(now.seconds)))",
                cause: "token has expired")
        }
        guard let issuedAt = assertion.issuedAt else {
            throw Rejection(
                .assertionIssuedAtMissing, "\(parameter): iat is missing", cause: "issuedAt of token is missing")
        }
        let latest = now.rounded(adding: skew)
        guard issuedAt <= latest else {
            throw Rejection(
                .assertionIssuedAtFuture,
                "\(parameter): iat lies \(difference(issuedAt, now.seconds)) s in the future; at most \(skew) s are forgiven (server time \(time(now.seconds)))",
                cause: "issuedAt of token is in the future: (iat: \(time(issuedAt)), now with offset: \(time(latest)))")
        }
        let earliest = now.rounded(adding: -Self.maximumAge)
        guard issuedAt >= earliest else {
            let age = difference(now.seconds, issuedAt)
            throw Rejection(
                .assertionIssuedAtOld,
                "\(parameter): iat is \(age) s old; at most \(Self.maximumAge) s are allowed (server time \(time(now.seconds)))",
                cause:
                    "issuedAt of token is to old: must not be older than \(time(earliest)), but was \(time(issuedAt)) (\(difference(earliest, issuedAt))s to old)"
            )
        }
    }

    private func checkSignature(
        _ assertion: AssertionClaims, owner: RegisteredKey.Owner, ownerName: String
    ) throws(Rejection) {
        let keys = resourceIndex.keys(of: owner)
        let unknown = "invalid signature (cannot decode, empty data)"
        guard let id = assertion.jws.keyID, let key = keys.first(where: { $0.id == id }) else {
            let known = keys.isEmpty ? "it has no keys" : "it has " + keys.map(\.id).joined(separator: ", ")
            let met =
                assertion.jws.keyID.map { "kid \"\($0.shown)\" is no key of \(ownerName)" }
                ?? "the header has no kid, so no key of \(ownerName) is meant"
            throw Rejection(.keyUnknown, "\(parameter): \(met): \(known)\(hint(assertion.jws.keyID))", cause: unknown)
        }
        guard key.expiration > now.seconds else {
            throw Rejection(
                .keyExpired, "\(parameter): key \(id) of \(ownerName) expired on \(time(key.expiration))",
                cause: unknown)
        }
        guard let publicKey = resourceIndex.publicKey(key), assertion.jws.isSigned(by: publicKey) else {
            throw Rejection(
                .assertionSignature,
                "\(parameter): the signature does not verify with key \(id) of \(ownerName); sign with the private key that belongs to it",
                cause: "invalid signature (go-jose/go-jose: error in cryptographic primitive)")
        }
    }

    /// Whose key it is, when it is somebody else's: the commonest mix-up of all.
    private func hint(_ keyID: String?) -> String {
        guard let key = resourceIndex.resources.keys.first(where: { $0.id == keyID }) else { return "" }
        switch key.owner {
        case .user(let id):
            return
                "; this key belongs to service user \(resourceIndex.user(id: id)?.userName ?? id): use it with grant_type jwt-bearer at the token endpoint"
        case .app(let id):
            guard let app = resourceIndex.resources.apps.first(where: { $0.id == id }) else { return "" }
            return
                "; this key belongs to app \"\(app.name)\": use it as client_assertion with iss and sub \(app.clientID)"
        }
    }

    private func milliseconds(_ seconds: Int64) -> Int64 {
        let (value, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? (seconds > 0 ? .max : .min) : value
    }

    private func difference(_ later: Int64, _ earlier: Int64) -> Int64 {
        let (value, overflow) = later.subtractingReportingOverflow(earlier)
        return overflow ? .max : value
    }

    private func time(_ seconds: Int64) -> String {
        seconds.magnitude <= UInt64(neverExpires) ? UTCDateTime(unix: seconds).rfc3339 : "\(seconds)"
    }
}
