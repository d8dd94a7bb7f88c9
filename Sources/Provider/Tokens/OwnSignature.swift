import JOSE

/// The one rule by which this server believes that it signed a JWT itself: access tokens, ID tokens and logout tokens alike.
///
/// Whose issuer, expiry and purpose a token has to have differs, and is left to who reads it.
struct OwnSignature {
    /// What a JWT fails at.
    enum Defect {
        /// Header or signature cannot be read.
        case malformed
        /// An algorithm that this server does not sign with.
        case algorithm
        /// No key of the key set.
        case key
        /// The signature, or the algorithm, is not that of the key.
        case signature(keyID: String)
    }

    let context: RequestContext

    /// Checks algorithm, key and signature, and records each check in the trace.
    /// - Parameter rejection: how a defect is reported.
    /// - Throws: the rejection; `StorageError` or `CryptographyFailure` when the keys cannot be read.
    func verify(_ jws: CompactJWS, or rejection: (Defect) -> Rejection) throws {
        let trace = context.trace
        guard jws.isWellFormed else {
            return try trace.require(
                .tokenFormat, false, expected: "a header and a signature", found: "some that cannot be read",
                or: rejection(.malformed))
        }
        let algorithms = context.behavior.tokenSigningAlgorithms
        try trace.require(
            .tokenAlgorithm, jws.algorithmName.map(algorithms.contains) ?? false,
            expected: "one of \(algorithms.joined(separator: ", "))", found: Self.algorithm(of: jws),
            or: rejection(.algorithm))
        let key = try trace.unwrap(
            .tokenKey, try jws.keyID.flatMap { try context.snapshot.keys.key(id: $0) },
            expected: "a key of \(context.issuer)\(EndpointPath.keys)", found: jws.keyID?.truncated ?? "no kid",
            or: rejection(.key))
        let isSigned = jws.algorithm == key.algorithm && jws.isSigned(by: key.publicKey)
        try trace.require(
            .tokenSignature, isSigned, expected: "a signature by key \(key.id)",
            found: isSigned ? "it verifies" : "it does not verify", or: rejection(.signature(keyID: key.id)))
    }

    /// The `alg` as messages have it.
    static func algorithm(of jws: CompactJWS) -> String { jws.algorithmName.map { "\"\($0.truncated)\"" } ?? "missing" }
}
