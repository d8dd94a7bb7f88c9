import Crypto
import Encodings

/// Protected headers of JWS, checked as strictly as the library go-jose parses them: members of a wrong type make the whole token unreadable, even those
/// that nothing is done with.
enum JOSEHeader {
    static func isValid(_ header: JSONObject) -> Bool { problem(header) == nil }

    /// What is wrong with a header, as a sentence about the token; nil when nothing is.
    static func problem(_ header: JSONObject) -> String? {
        if let name = ["alg", "kid", "nonce"].first(where: { !isTextOrAbsent(header[$0]) }) {
            return "its header member \"\(name)\" is not a string"
        }
        if !isKey(header["jwk"]) { return "its header member \"jwk\" is not a public key" }
        if !isCertificateChain(header["x5c"]) {
            return "its header member \"x5c\" is not a list of certificates in base64"
        }
        if !hasNoUnknownExtension(header) {
            return "its header member \"crit\" names extensions that the server does not know"
        }
        if !isReadable(header) { return "its header has a member twice or a number out of range" }
        // RFC 7797: a payload that is not base64url is not supported.
        return header["b64"] == .bool(false) ? "its header member \"b64\" is false, which is not supported" : nil
    }

    private static func isTextOrAbsent(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null, .string: true
        default: false
        }
    }

    /// RFC 7515 section 4.1.3: a public key.
    private static func isKey(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null: true
        case .object(let key): key["d"] == nil && PublicKey(jwk: key) != nil
        default: false
        }
    }

    /// RFC 7515 section 4.1.6: standard base64 of certificates.
    private static func isCertificateChain(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null: true
        case .array(let chain): chain.allSatisfy { isCertificate($0.string) }
        default: false
        }
    }

    private static func isCertificate(_ text: String?) -> Bool {
        guard let text, let bytes = Base64.decoded(Array(text.utf8)), !bytes.isEmpty else { return false }
        return Certificate.isReadable(der: bytes)
    }

    /// RFC 7515 section 4.1.11: extensions that must be understood. RFC 7797's is, whether the header has it or not; an empty list asks for none.
    private static func hasNoUnknownExtension(_ header: JSONObject) -> Bool {
        switch header["crit"] {
        case nil, .null: true
        case .array(let names): names.allSatisfy { $0.string == "b64" }
        default: false
        }
    }

    /// No member is there twice, at whatever depth, and every number is within the range of a double. Of a key, only the members themselves are looked at.
    private static func isReadable(_ header: JSONObject) -> Bool {
        header.hasUniqueNames
            && header.members.allSatisfy { member in
                if member.name == "jwk" { return member.value.object?.hasUniqueNames ?? true }
                return member.value.hasOnlyUniqueMembers && member.value.hasOnlyFiniteNumbers
            }
    }
}
