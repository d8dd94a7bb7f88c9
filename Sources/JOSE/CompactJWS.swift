public import Encodings

/// A JWS in compact serialization (RFC 7515 section 3.1), taken apart but not yet believed.
public struct CompactJWS: Sendable {
    /// What the three segments of a token can be wrong about.
    public enum Malformed: Error, Equatable {
        case segments(Int)
        case payloadNotBase64URL
        case payloadNotJSON
    }

    /// The protected header; nil when it is no base64url JSON object, which only the check of the signature minds.
    public let header: JSONObject?
    /// The payload, which is a JSON object.
    public let claims: JSONObject
    private let signingInput: [UInt8]
    private let signature: [UInt8]?

    /// - Throws: `Malformed` when there are not three segments, or the second is not unpadded base64url of a JSON object.
    public init(_ text: String) throws(Malformed) {
        let bytes = Array(text.utf8)
        let segments = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard segments.count == 3 else { throw .segments(segments.count) }
        guard let payload = Base64.urlDecoded(segments[1]) else { throw .payloadNotBase64URL }
        guard let claims = (try? JSONParser.parse(payload))?.object else { throw .payloadNotJSON }
        self.claims = claims
        header = Base64.urlDecoded(segments[0]).flatMap { try? JSONParser.parse($0) }?.object
        signature = Base64.urlDecoded(segments[2])
        signingInput = Array(bytes[..<segments[2].startIndex].dropLast())
    }

    /// The `alg` as it was written.
    public var algorithmName: String? { header?["alg"]?.string }
    public var algorithm: SignatureAlgorithm? { algorithmName.flatMap(SignatureAlgorithm.init) }
    public var keyID: String? { header?["kid"]?.string }
    /// Extensions that the signer demands to be understood (RFC 7515 section 4.1.11). None is, so a token that has any must be refused.
    public var hasCriticalExtensions: Bool { header?["crit"] != nil }

    /// Whether the key made the signature, by the algorithm that the header names.
    public func isSigned(by key: PublicKey) -> Bool {
        guard let algorithm, let signature, !hasCriticalExtensions else { return false }
        return key.verifies(signature, of: signingInput, by: algorithm)
    }

    /// Signs a payload. The header is ZITADEL's: `{"alg":…,"kid":…,"typ":"JWT"}`.
    public static func sign(
        _ claims: JSONObject, by key: PrivateKey, algorithm: SignatureAlgorithm, keyID: String
    ) throws -> String {
        let header: JSONObject = ["alg": .string(algorithm.rawValue), "kid": .string(keyID), "typ": .string("JWT")]
        let input =
            Base64.urlEncoded(JSON.object(header).bytes()) + "." + Base64.urlEncoded(JSON.object(claims).bytes())
        return input + "." + Base64.urlEncoded(try key.sign(Array(input.utf8), by: algorithm))
    }
}
