import Crypto
import Encodings
import JOSE
import Model

/// Checks an assertion in the order of the real server: audience, times, subject, algorithm, key, signature.
///
/// Not looked at: `nbf`, `jti` (an assertion may be used again until it is too old), `typ`, and how far `exp` is from `iat`.
struct AssertionVerifier {
    /// RFC 7523 asks for a bound; ZITADEL documents one hour.
    static let maximumAge: Int64 = 3600

    let context: RequestContext
    /// Clock difference in seconds that is forgiven (and, for `exp`, asked for).
    let skew: Int64
    /// What the assertion is called in sentences: its parameter.
    let parameter: String
    /// Whether `sub` must be `iss`, as for everybody who speaks for themselves.
    var requiresOwnSubject = true

    private var resourceIndex: ResourceIndex { context.resourceIndex }
    private var issuer: String { context.issuer }
    private var now: Timestamp { context.now }
    private var trace: Trace { context.trace }

    /// - Parameters:
    ///   - owner: whose keys count.
    ///   - ownerName: the owner in words, such as `client 27… ("Test API")`.
    /// - Throws: `Rejection`
    func verify(
        _ assertion: AssertionClaims, owner: RegisteredKey.Owner, ownerName: String
    ) throws(Rejection) {
        try checkAudience(assertion)
        try checkTimes(assertion)
        try trace.require(
            .assertionSubject, assertion.subject == assertion.issuer || !requiresOwnSubject,
            expected: "sub \"\(assertion.issuer.truncated)\", equal to iss",
            found: "\"\(assertion.subject.truncated)\"",
            or: Rejection(
                .assertionSubject,
                "\(parameter): \(subjectProblem(assertion))",
                cause: .subjectDiffers))
        let algorithms = SignatureAlgorithm.ofAssertions
        var allowed: String { algorithms.map(\.rawValue).joined(separator: ", ") }
        var found: String { assertion.jws.algorithmName.map { "\"\($0.truncated)\"" } ?? "missing" }
        try trace.require(
            .assertionAlgorithm, assertion.jws.algorithm.map(algorithms.contains) ?? false,
            expected: "one of \(allowed)", found: found,
            or: Rejection(
                .assertionAlgorithm,
                "\(parameter): \(assertion.problem.map { "it \($0)" } ?? "alg is \(found); allowed are \(allowed)")",
                cause: .unsupportedAlgorithm))
        try checkSignature(assertion, owner: owner, ownerName: ownerName)
        warn(assertion)
    }

    private func subjectProblem(_ assertion: AssertionClaims) -> String {
        let (issuer, subject) = (assertion.issuer.truncated, assertion.subject.truncated)
        if subject.isEmpty { return "sub is missing; it must be the same as iss, \"\(issuer)\"" }
        guard !issuer.isEmpty else {
            let owner = resourceIndex.adviceOnKey(assertion.jws.keyID)
            return "iss is missing; it must be the same as sub, which is \"\(subject)\"\(owner)"
        }
        return "sub is \"\(subject)\" and iss \"\(issuer)\"; they must be the same"
    }

    private func warn(_ assertion: AssertionClaims) {
        let endpoints = assertion.audience.filter { $0.hasPrefix(issuer + "/") }
        guard !endpoints.isEmpty else { return }
        trace.warn(
            .audienceHasEndpoint,
            "\(parameter): aud holds \(endpoints.quotedList) besides the issuer, which alone made it valid; send only \"\(issuer)\""
        )
    }

    private func checkAudience(_ assertion: AssertionClaims) throws(Rejection) {
        var found: String { assertion.audience.isEmpty ? "missing or not a string" : assertion.audience.quotedList }
        try trace.require(
            .assertionAudience, assertion.audience.contains(issuer), expected: "the issuer \"\(issuer)\"", found: found,
            or: Rejection(
                .assertionAudience,
                "\(parameter): aud is \(found); expected the issuer \"\(issuer)\" exactly, without path or trailing slash",
                cause: .audience(issuer: issuer)))
    }

    private func checkTimes(_ assertion: AssertionClaims) throws(Rejection) {
        try checkExpiration(assertion.expiration)
        let issuedAt = try trace.unwrap(
            .assertionIssuedAt, assertion.issuedAt, expected: "a time",
            found: assertion.issuedAt.map(time) ?? "missing",
            or: Rejection(
                .assertionIssuedAtMissing, "\(parameter): iat is missing", cause: .issuedAtMissing))
        let latest = now.rounded(adding: skew)
        try trace.require(
            .assertionIssuedAt, issuedAt <= latest, expected: "at most \(time(latest))", found: time(issuedAt),
            or: Rejection(
                .assertionIssuedAtFuture,
                "\(parameter): iat is \(issuedAt.saturatingSubtracting(now.seconds)) s in the future; at most \(skew) s are tolerated (server time \(time(now.seconds)))\(unitHint(issuedAt))",
                cause: .issuedInFuture(issuedAt, latest: latest)))
        let earliest = now.rounded(adding: -Self.maximumAge)
        try trace.require(
            .assertionIssuedAt, issuedAt >= earliest, expected: "at least \(time(earliest))", found: time(issuedAt),
            or: Rejection(
                .assertionIssuedAtOld,
                "\(parameter): iat is \(now.seconds.saturatingSubtracting(issuedAt)) s old; at most \(Self.maximumAge) s are allowed (server time \(time(now.seconds)))",
                cause: .issuedTooLongAgo(issuedAt, earliest: earliest)))
    }

    /// Words about a time in milliseconds; empty for any other.
    private func unitHint(_ claim: Int64) -> String {
        let distance = (claim / 1000).saturatingSubtracting(now.seconds).magnitude
        return distance < 366 * 86_400 ? "; it is in milliseconds, and seconds are expected" : ""
    }

    private func checkExpiration(_ claim: Int64?) throws(Rejection) {
        let isLater = claim.map { now.adding(seconds: skew).isBefore(seconds: $0) } ?? false
        try trace.require(
            .assertionExpiration, isLater, expected: "later than \(time(now.seconds + skew))",
            found: claim.map(time) ?? "missing",
            or: Rejection(.assertionExpired, "\(parameter): \(expirationProblem(claim))", cause: .expired))
    }

    private func expirationProblem(_ claim: Int64?) -> String {
        guard let claim else { return "exp is missing" }
        let ago = now.seconds.saturatingSubtracting(claim)
        return
            "exp \(ago > 0 ? "was \(ago) s ago" : "is in \(ago.magnitude) s"); it must be more than \(skew) s ahead (server time \(time(now.seconds)))"
    }

    private func checkSignature(
        _ assertion: AssertionClaims, owner: RegisteredKey.Owner, ownerName: String
    ) throws(Rejection) {
        let keys = resourceIndex.keys(of: owner)
        var known: String { keys.isEmpty ? "it has no keys" : "it has " + keys.map(\.id).joined(separator: ", ") }
        var isKnown: Bool {
            if case .user(let id) = owner { resourceIndex.user(id: id) != nil } else { true }
        }
        let kid = assertion.jws.keyID
        var found: String {
            kid.map { "kid \"\($0.truncated)\" is not a key of \(ownerName)" } ?? assertion.jws.headerProblem
                ?? "the header has no kid, so it names no key of \(ownerName)"
        }
        let key = try trace.unwrap(
            .assertionKey, keys.first { $0.id == kid }, expected: "the id of a key of \(ownerName): \(known)",
            found: kid?.truncated ?? "no kid",
            or: Rejection(
                .keyUnknown, "\(parameter): \(found)\(isKnown ? ": \(known)" : "")\(resourceIndex.adviceOnKey(kid))",
                cause: .noKey))
        try trace.require(
            .assertionKeyExpiration, key.expiration > now.seconds, expected: "later than \(time(now.seconds))",
            found: time(key.expiration),
            or: Rejection(
                .keyExpired, "\(parameter): key \(key.id) of \(ownerName) expired on \(time(key.expiration))",
                cause: .noKey))
        var problem: String {
            resourceIndex.publicKey(key)?.rsaProblem.map { "key \(key.id) of \(ownerName) is \($0)" }
                ?? assertion.problem.map { "it \($0)" } ?? assertion.jws.headerProblem ?? assertion.jws.signatureProblem
                ?? "the signature does not verify with key \(key.id) of \(ownerName); sign with the private key that belongs to it"
        }
        let isSigned = resourceIndex.publicKey(key).map { assertion.jws.isSigned(by: $0) } ?? false
        try trace.require(
            .assertionSignature, isSigned, expected: "a signature by the private key of key \(key.id)",
            found: isSigned ? "it verifies" : "it does not verify",
            or: Rejection(
                .assertionSignature,
                "\(parameter): \(problem)",
                cause: .badSignature))
    }

    private func time(_ seconds: Int64) -> String { UTCDateTime.rfc3339(unix: seconds) }
}
