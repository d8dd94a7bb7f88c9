import Encodings
import JOSE

/// The claims of an assertion that matter (RFC 7523 section 3), read as ZITADEL's claim types read them.
struct AssertionClaims: Sendable {
    let jws: CompactJWS
    /// Empty when absent.
    let issuer: String
    let subject: String
    let audience: [String]
    /// Unix seconds; nil when absent or zero.
    let expiration: Int64?
    let issuedAt: Int64?
    /// What is around the assertion, when it cannot be read or does not verify; see `Wrapping`.
    let problem: String?

    /// Why a text is not an assertion at all.
    struct Unparsable: Error {
        let why: String
    }

    /// - Throws: `Unparsable` for a text that is not a JWT, or has a claim of a type that does not fit.
    init(_ text: String) throws(Unparsable) {
        if let kind = Self.keyKind(text) { throw Unparsable(why: "it is \(kind); send a JWT that is signed by it") }
        problem = Wrapping(text)?.problem
        do { jws = try CompactJWS(text) } catch {
            if let problem { throw Unparsable(why: "it \(problem)") }
            switch error {
            case .segments(let count):
                throw Unparsable(
                    why: "it has \(counted(count, "segment")); a JWT has three, separated by dots")
            case .tooLong: throw Unparsable(why: "it is longer than \(CompactJWS.sizeLimit) bytes")
            case .payloadNotBase64URL: throw Unparsable(why: "its second segment is not unpadded base64url")
            case .payloadNotJSON: throw Unparsable(why: "its payload is not a JSON object")
            }
        }
        if let claim = jws.claims.members.first(where: { !$0.value.hasOnlyFiniteNumbers }) {
            throw Unparsable(why: "its claim \(claim.name.truncated) is or holds a number out of range")
        }
        issuer = try Self.text("iss", jws.claims)
        subject = try Self.text("sub", jws.claims)
        expiration = try Self.time("exp", jws.claims)
        issuedAt = try Self.time("iat", jws.claims)
        // An audience of another type counts as none: the real library fails on it.
        audience =
            switch Self.presentValues("aud", jws.claims).last {
            case .string(let one): [one]
            case .array(let many) where many.allSatisfy({ $0.string != nil }): many.compactMap(\.string)
            default: []
            }
    }

    /// What was sent in place of an assertion that is made with it; nil for anything else.
    private static func keyKind(_ text: String) -> String? {
        let start = text.prefix(4096)
        if start.contains("-----BEGIN") { return start.first == "{" ? "a key file" : "a private key" }
        return start.first == "{" && start.contains("\"keyId\"") ? "a key file" : nil
    }

    /// The values of a claim in whatever letter case its name is written, as Go's decoder finds them: the last one counts.
    private static func values(_ name: String, _ claims: JSONObject) -> [JSON] {
        claims.members.filter { $0.name.caseFolded == name }.map(\.value)
    }

    /// The same without null, which leaves texts and lists as they were.
    private static func presentValues(_ name: String, _ claims: JSONObject) -> [JSON] {
        values(name, claims).filter { $0 != .null }
    }

    private static func text(_ name: String, _ claims: JSONObject) throws(Unparsable) -> String {
        var found = ""
        for value in presentValues(name, claims) {
            guard let text = value.string else {
                throw Unparsable(why: "its claim \(name) is \(value.kind); expected a string")
            }
            found = text
        }
        return found
    }

    /// A number (a fraction is cut), a time as text, or null, which is none. A number written as a string does not fit.
    private static func time(_ name: String, _ claims: JSONObject) throws(Unparsable) -> Int64? {
        var found: Int64?
        for value in values(name, claims) { found = try value == .null ? nil : time(name, value) }
        return found == 0 ? nil : found
    }

    private static func time(_ name: String, _ value: JSON) throws(Unparsable) -> Int64 {
        switch value {
        case .integer(let seconds): return Self.seconds(Double(seconds))
        case .decimal(let text): return Self.seconds(Double(text) ?? .nan)
        case .string(let text):
            guard let seconds = GoTime.unix(rfc3339: text) else {
                throw Unparsable(
                    why:
                        "its claim \(name) is a string that is not a time such as 2026-11-21T10:00:00Z; expected a number of seconds since 1970"
                )
            }
            return seconds
        default:
            throw Unparsable(why: "its claim \(name) is \(value.kind); expected a number of seconds since 1970")
        }
    }

    /// A number as the real server converts it: through floating point, and beyond the range of 64 bits to the earliest time there is.
    private static func seconds(_ number: Double) -> Int64 {
        number >= -0x1p63 && number < 0x1p63 ? Int64(number) : .min
    }
}
