import JOSE

extension CompactJWS.Malformed {
    /// What the Go libraries that ZITADEL is built on say of a text that is not a JWT with an object, which ZITADEL passes on.
    var goText: String {
        switch self {
        case .segments: "token contains an invalid number of segments"
        case .tooLong: "malformed jwt payload: illegal base64 data"
        case .payloadNotBase64URL(let offset): "malformed jwt payload: illegal base64 data at input byte \(offset)"
        case .payloadNotJSON(.kind(let kind)): "json: cannot unmarshal \(kind) into Go value of type oidc.RequestObject"
        case .payloadNotJSON(.end): "unexpected end of JSON input"
        case .payloadNotJSON(.start(let byte)):
            "invalid character \(byte == UInt8(ascii: "'") ? "'\\''" : "'\(UnicodeScalar(byte))'") looking for beginning of value"
        case .payloadNotJSON(.other): "invalid character in payload"
        }
    }
}
