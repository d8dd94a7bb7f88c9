import Encodings

/// Client id and secret from an `Authorization: Basic` header (RFC 6749 section 2.3.1).
public struct BasicCredentials: Sendable {
    /// After base64, one of the two parts holds a `%` that two hexadecimal digits do not follow.
    public struct BadEscape: Error {}

    public let clientID: String
    public let secret: Secret
    /// The id without decoding: what a caller meant who did not encode it.
    public let rawClientID: String
    /// The secret without decoding: what a caller meant who did not encode it.
    public let rawSecret: Secret
    /// The secret as ISO 8859-1, when the credentials are not UTF-8.
    public let latin1Secret: Secret?
    /// Whether the caller sent characters that form encoding would have escaped: harmless here, wrong for other values.
    public let wasNotEncoded: Bool

    /// - Returns: nil when the header is absent, of another scheme, no base64, or without a colon: then it counts as not sent.
    /// - Throws: `BadEscape`
    public static func parse(_ header: String?) throws(BadEscape) -> BasicCredentials? {
        guard let header else { return nil }
        let bytes = Array(header.utf8)
        // Setting the sixth bit makes letters of either case the same.
        guard bytes.count > 6, zip(bytes, "basic ".utf8).allSatisfy({ $0 | 0x20 == $1 }), bytes[5] == UInt8(ascii: " "),
            let decoded = Base64.decoded(bytes[6...]), let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
            StreamSafeText.isSafe(decoded[...])
        else { return nil }
        let name = decoded[..<colon]
        let password = decoded[(colon + 1)...]
        guard let clientID = PercentEncoding.formDecoded(name), let secret = PercentEncoding.formDecoded(password)
        else { throw BadEscape() }
        return BasicCredentials(
            clientID: clientID, secret: Secret(secret), rawClientID: String(repairing: name),
            rawSecret: Secret(String(repairing: password)),
            latin1Secret: isUTF8(decoded) ? nil : Secret(latin1(password)),
            wasNotEncoded: !isFormEncoded(name) || !isFormEncoded(password))
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        !bytes.contains { $0 >= 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }

    private static func latin1(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func isFormEncoded(_ part: ArraySlice<UInt8>) -> Bool {
        part.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~*%+".utf8.contains(byte)
            }
        }
    }
}
