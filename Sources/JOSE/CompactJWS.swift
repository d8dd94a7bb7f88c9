public import Crypto
public import Encodings

/// A JWS in compact serialization (RFC 7515 section 3.1), parsed but not verified.
public struct CompactJWS: Sendable {
    /// Why a text is not a compact JWS.
    public enum Malformed: Error, Equatable {
        /// It is longer than `sizeLimit`.
        case tooLong
        case segments(Int)
        /// - Parameter offset: of the first byte that does not belong there, in the segment as it was sent.
        case payloadNotBase64URL(offset: Int)
        case payloadNotJSON(PayloadProblem)
    }

    /// Why a payload is not a JSON object, as far as that is easily found.
    public enum PayloadProblem: Equatable, Sendable {
        /// JSON of another kind: "array", "string", "number" or "bool".
        case kind(String)
        /// It ends too early.
        case end
        /// It begins with this byte, which no JSON value begins with.
        case start(UInt8)
        case other
    }

    /// A token may have at most this many bytes (4 MiB).
    public static let sizeLimit = 4 * 1024 * 1024
    /// Header and payload may each have at most this many JSON values.
    public static let valueLimit = 20_000
    /// A longer payload that is not JSON is not looked at more closely.
    private static let examinedLimit = 16_384

    /// The protected header; nil when it is not a base64url JSON object, which only matters when the signature is verified.
    public let header: JSONObject?
    /// The payload, which is a JSON object.
    public let claims: JSONObject
    private let signingInput: [UInt8]
    private let signature: [UInt8]?

    /// Parses a token. As in Go, white space anywhere in the first and last segment is ignored, and line ends in the payload.
    ///
    /// - Throws: `Malformed` when there are not three segments, or the second is not unpadded base64url of a JSON object.
    public init(_ text: String) throws(Malformed) {
        var bytes = Array(text.utf8)
        let dots = bytes.withUnsafeBufferPointer { $0.reduce(0) { $0 + ($1 == UInt8(ascii: ".") ? 1 : 0) } }
        guard dots == 2 else { throw .segments(dots + 1) }
        guard bytes.count <= Self.sizeLimit else { throw .tooLong }
        if bytes.contains(where: { $0 <= 0x20 || $0 >= 0x80 }) { bytes = try Self.withoutWhitespace(text) }
        let segments = bytes.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard let payload = Base64.urlDecoded(segments[1]) else {
            throw .payloadNotBase64URL(offset: Self.offsetOfDamage(text))
        }
        switch try? JSONParser.parse(payload, valueLimit: Self.valueLimit) {
        case .object(let object)?: claims = object
        // As in Go, null leaves everything as it was: empty.
        case .null?: claims = [:]
        case let other: throw .payloadNotJSON(Self.problem(payload, other))
        }
        header =
            Base64.urlDecoded(segments[0]).flatMap { try? JSONParser.parse($0, valueLimit: Self.valueLimit) }?.object
        signature = Base64.urlDecoded(segments[2])
        signingInput = Array(bytes[..<segments[2].startIndex].dropLast())
    }

    private static func withoutWhitespace(_ text: String) throws(Malformed) -> [UInt8] {
        let bytes = Array(text.utf8)
        var (kept, index, dots) = ([UInt8](), 0, 0)
        kept.reserveCapacity(bytes.count)
        while index < bytes.count {
            let length = WhiteSpace.length(at: index, in: bytes)
            if length == 0 {
                kept.append(bytes[index])
                dots += bytes[index] == UInt8(ascii: ".") ? 1 : 0
            } else if dots == 1, bytes[index] != 0x0A, bytes[index] != 0x0D {
                throw .payloadNotBase64URL(offset: offsetOfDamage(text))
            }
            index += max(1, length)
        }
        return kept
    }

    /// Where the second segment stops being base64url: at a byte of another alphabet, or at the beginning of a last group of one character.
    private static func offsetOfDamage(_ text: String) -> Int {
        let segments = Array(text.utf8).split(
            separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        var start = 0
        var count = 0
        for (offset, byte) in segments[1].enumerated() where byte != 0x0A && byte != 0x0D {
            guard Base64.urlDecoded([byte, byte]) != nil else { return offset }
            if count % 4 == 0 { start = offset }
            count += 1
        }
        return start
    }

    private static func problem(_ payload: [UInt8], _ parsed: JSON?) -> PayloadProblem {
        switch parsed {
        case .array?: return .kind("array")
        case .string?: return .kind("string")
        case .integer?, .decimal?: return .kind("number")
        case .bool?: return .kind("bool")
        case .object?, .null?, nil: break
        }
        guard let first = payload.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return .end }
        guard "{[\"-0123456789tfn".utf8.contains(first) else { return .start(first) }
        guard payload.count <= examinedLimit else { return .other }
        // What some ending would complete only ends too early.
        let endings = ["null}", "\"\":null}", ":null}", "}", "]", "\"", "\"}", "\"]"]
        let isPrefix = endings.contains { (try? JSONParser.parse(payload + Array($0.utf8))) != nil }
        return isPrefix ? .end : .other
    }

    /// The `alg` as it was written.
    public var algorithmName: String? { header?["alg"]?.string }
    public var algorithm: SignatureAlgorithm? { algorithmName.flatMap(SignatureAlgorithm.init) }
    public var keyID: String? { header?["kid"]?.string }
    /// Whether the parts that only the check of the signature needs can be read: header and signature.
    public var isWellFormed: Bool { signature != nil && (header.map(JOSEHeader.isValid) ?? false) }

    /// Why the header alone makes that the signature cannot be verified, as a sentence about the token; nil when it does not.
    public var headerProblem: String? {
        header.map(JOSEHeader.problem) ?? "its header is not a JSON object in base64url"
    }

    /// Why the signature cannot be read, as a sentence about the token; nil when it can.
    public var signatureProblem: String? {
        guard let signature else { return "its third segment, the signature, is not unpadded base64url" }
        return signature.isEmpty ? "its third segment, the signature, is empty" : nil
    }

    /// Whether the signature was made with the key, by the algorithm that the header names.
    public func isSigned(by key: PublicKey) -> Bool {
        guard let algorithm, let signature, isWellFormed else { return false }
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
