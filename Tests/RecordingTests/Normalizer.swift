import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport

/// Turns an answer into plain JSON in which everything that may differ between two correct servers (tokens, ids, times) is a placeholder that tells
/// what it is.
struct Normalizer {
    /// The headers that are compared; others are a server's own business.
    static let headers = [
        "Content-Type", "Cache-Control", "Pragma", "Expires", "WWW-Authenticate", "Vary", "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Location",
    ]
    private static let timeMembers: Set<String> = ["exp", "iat", "nbf", "auth_time", "updated_at"]
    private static let tokenMembers: Set<String> = ["access_token", "refresh_token", "device_code", "code", "id_token"]

    /// Values of the fixture, longest first, with their placeholders.
    private let literals: [(value: String, placeholder: String)]
    private let placeholders: [String: String]
    /// What no rejection may repeat.
    let secrets: [String]
    private let jwks: [String: (key: PublicKey, algorithm: String)]
    private let now: Int64
    private var accessToken: String?

    init(_ fixture: Fixture, host: String, jwks document: JSON?, now: Int64) {
        var found: [String: String] = [:]
        var secrets: [String] = []
        func put(_ value: JSON?, _ name: String) {
            guard let text = value?.string, text.utf8.count >= 6 else { return }
            if found[text] == nil { found[text] = "{{\(name)}}" }
            if ["clientSecret", "token", "password"].contains(where: name.hasSuffix) { secrets.append(text) }
        }
        found["http://\(host)"] = "{{I}}"
        found["https://\(host)"] = "{{I by https}}"
        put(fixture["instance.projectId"], "instance.projectId")
        for group in ["orgs", "projects", "apps", "users"] {
            for (symbol, members) in fixture.resources(group) {
                for name in ["id", "clientId", "clientSecret", "primaryDomain", "loginName", "password"] {
                    if name == "loginName", members[name]?.string?.contains("@") != true { continue }
                    put(members[name], "\(symbol).\(name)")
                }
                for key in members["keys"]?.object?.members ?? [] {
                    put(key.value.object?["id"], "\(symbol).keys.\(key.name).id")
                }
                for token in members["pats"]?.object?.members ?? [] {
                    put(token.value.object?["id"], "\(symbol).pats.\(token.name).id")
                    put(token.value.object?["token"], "\(symbol).pats.\(token.name).token")
                }
            }
        }
        placeholders = found
        literals = found.map { ($0.key, $0.value) }.sorted { $0.value.utf8.count > $1.value.utf8.count }
        self.secrets = secrets
        var keys: [String: (key: PublicKey, algorithm: String)] = [:]
        for jwk in document?.object?["keys"]?.array?.compactMap(\.object) ?? [] {
            if let id = jwk["kid"]?.string, let key = PublicKey(jwk: jwk) { keys[id] = (key, jwk["alg"]?.string ?? "") }
        }
        jwks = keys
        self.now = now
    }

    // MARK: The whole answer

    mutating func answer(_ answer: Answer) -> JSONObject {
        accessToken = answer.json?.object?["access_token"]?.string
        var headers = JSONObject()
        for name in Self.headers {
            guard let value = answer.header(name) else { continue }
            if name == "Expires" {
                headers.append(name, .string(isPast(value) ? "{{past}}" : "{{future}}"))
            } else if name == "Location" {
                headers.append(name, .object(location(value)))
            } else {
                headers.append(name, text(value))
            }
        }
        return [
            "status": .integer(Int64(answer.response.status)), "headers": .object(headers),
            "body": .object(body(answer)),
        ]
    }

    /// Whether `Sat, 21 Nov 2026 10:00:00 GMT` is a moment of the last two hours.
    private func isPast(_ date: String) -> Bool {
        let parts = date.split(separator: " ")
        guard parts.count == 6, let month = Self.months.firstIndex(of: parts[2]) else { return false }
        let number = String(month + 101).dropFirst()
        guard let moment = UTCDateTime.unix(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z") else {
            return false
        }
        return UTCDateTime(unix: moment).http == date && (1...7200).contains(now - moment)
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// An address in its parts; a code is one whatever its form.
    private func location(_ text: String) -> JSONObject {
        let location = WebLocation(text)
        func list(_ pairs: [(String, String)]) -> JSON {
            .array(
                pairs.map { name, value in
                    let isCode = name == "code" && value.wholeMatch(of: /[A-Za-z0-9_.-]+/) != nil
                    return .array([
                        .string(name), isCode ? .string("{{code:b64url}}") : self.value(.string(value), name, [:]),
                    ])
                })
        }
        var parts: JSONObject = ["base": self.text(location.base)]
        if !location.query.isEmpty { parts.append("query", list(location.query)) }
        if !location.fragment.isEmpty { parts.append("fragment", list(location.fragment)) }
        return parts
    }

    private func body(_ answer: Answer) -> JSONObject {
        guard !answer.response.body.isEmpty else { return ["kind": .string("empty")] }
        let text = answer.text
        guard answer.header("Content-Type")?.contains("json") == true || text.first.map("{[\"".contains) == true else {
            return ["kind": .string("text"), "text": self.text(text)]
        }
        guard let value = answer.json else { return ["kind": .string("bad json"), "text": self.text(text)] }
        let spelling = text == GoJSON.text(value) + "\n" ? "go+lf" : text == GoJSON.text(value) ? "go" : "other"
        return ["kind": .string("json"), "value": self.value(value, nil, nil), "spelling": .string(spelling)]
    }

    // MARK: Values

    func value(_ value: JSON, _ name: String?, _ owner: JSONObject?) -> JSON {
        switch value {
        case .object(let object):
            var out = JSONObject()
            for member in object.members {
                let name = text(member.name).string ?? member.name
                if out[name] != nil { out.append("$duplicate", .bool(true)) }
                out.append(name, self.value(member.value, member.name, object))
            }
            return .object(out)
        case .array(let values): return .array(values.map { self.value($0, name, owner) })
        case .integer(let number): return time(number, name, owner)
        case .string(let text): return self.string(text, name, owner)
        case .null, .bool, .decimal: return value
        }
    }

    private func string(_ text: String, _ name: String?, _ owner: JSONObject?) -> JSON {
        switch name {
        case "at_hash": return .string(halfHash(text))
        case "kid" where placeholders[text] == nil: return .string(jwks[text] == nil ? "{{unknown kid}}" : "{{kid}}")
        case "n" where owner?["kty"] != nil, "x" where owner?["kty"] != nil, "y" where owner?["kty"] != nil:
            return .string("{{b64url:\(text.utf8.count)}}")
        case "user_code": return .string("{{user_code:\(text.replacing(/[BCDFGHJKLMNPQRSTVWXZ]/) { _ in "A" })}}")
        case let name? where Self.tokenMembers.contains(name) && !text.isEmpty:
            let masked = self.text(text)
            if masked.object != nil || masked.string?.hasPrefix("{{") == true { return masked }
            return .string("{{\(Base64.urlDecoded(text.utf8) == nil ? "text" : "b64url"):\(text.utf8.count)}}")
        default: return self.text(text)
        }
    }

    private func halfHash(_ text: String) -> String {
        guard let accessToken else { return "{{at_hash:\(text.utf8.count)}}" }
        for (name, digest) in [("sha256", Digest.sha256), ("sha384", .sha384), ("sha512", .sha512)] {
            let hash = digest.hash(Array(accessToken.utf8))
            if text == Base64.urlEncoded(hash.prefix(hash.count / 2)) { return "{{at_hash \(name)}}" }
        }
        return "{{wrong at_hash}}"
    }

    private func time(_ number: Int64, _ name: String?, _ owner: JSONObject?) -> JSON {
        let isMoment = (1_000_000_001..<10_000_000_000).contains(number)
        guard isMoment || Self.timeMembers.contains(name ?? ""), number != 253_402_300_799 else {
            return .integer(number)
        }
        if case .integer(let issued)? = owner?["iat"], let name, ["exp", "nbf", "auth_time"].contains(name) {
            let distance = number - issued
            func signed(_ value: Int64) -> String { value < 0 ? "\(value)" : "+\(value)" }
            if name == "nbf" { return .string(distance == 0 ? "{{iat}}" : "{{iat\(signed(distance))}}") }
            if name == "auth_time" {
                return .string(
                    (-60...2).contains(distance)
                        ? "{{iat}}" : (-7199..<0).contains(distance) ? "{{before iat}}" : "{{time}}")
            }
            let near = Int64((Double(distance) / 60).rounded(.toNearestOrEven)) * 60
            return .string(
                abs(distance - near) <= 2 && abs(distance) <= 86400 * 2 ? "{{iat\(signed(near))}}" : "{{time}}")
        }
        return isMoment ? .string("{{time}}") : .integer(number)
    }

    // MARK: Texts

    /// A text with the fixture's values and everything that looks like an id or a token replaced; a JWT is taken apart and verified.
    func text(_ text: String) -> JSON {
        if let placeholder = placeholders[text] { return .string(placeholder) }
        if text.hasPrefix("eyJ") {
            let segments = text.split(separator: ".", omittingEmptySubsequences: false)
            if segments.count == 3, let jwt = jwt(text) { return jwt }
            if segments.count == 5, segments.allSatisfy({ Base64.urlDecoded($0.utf8) != nil }) {
                return .string("{{jwe}}")
            }
        }
        var masked = text
        for (value, placeholder) in literals where masked.utf8.count >= value.utf8.count && masked.contains(value) {
            masked = masked.replacing(value, with: placeholder)
        }
        if masked.contains("eyJ") {
            masked = masked.replacing(/eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/) { _ in "{{jwt}}" }
        }
        if masked.contains("user_code=") {
            masked = masked.replacing(/user_code=[A-Z]{4}(-?)[A-Z]{4}/) { "user_code={{AAAA\($0.1)AAAA}}" }
        }
        return .string(Self.maskingIDs(masked))
    }

    /// `V2_<id>-at_<id>`, `V2_<id>` and lone runs of 15 to 20 digits.
    static func maskingIDs(_ text: String) -> String {
        // Most texts have no id, and expressions are slow.
        var (run, longest) = (0, 0)
        for byte in text.utf8 {
            run = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? run + 1 : 0
            longest = max(longest, run)
        }
        guard longest >= 15 else { return text }
        return text.replacing(/V([12])_[0-9]{15,20}-(at|rt)_[0-9]{15,20}/) { "{{V\($0.1)-\($0.2)}}" }
            .replacing(/V([12])_[0-9]{15,20}/) { "{{V\($0.1)}}" }
            .replacing(/[0-9A-Za-z]+/) { run in
                let isID = (15...20).contains(run.0.count) && run.0.utf8.allSatisfy { (48...57).contains($0) }
                return isID ? "{{id}}" : String(run.0)
            }
    }

    private func jwt(_ text: String) -> JSON? {
        guard let jws = try? CompactJWS(text), let header = jws.header else { return nil }
        let known = jws.keyID.flatMap { jwks[$0] }
        let verdict =
            known.map { $0.algorithm == jws.algorithmName && jws.isSigned(by: $0.key) ? "ok" : "bad" } ?? "unknown key"
        let segments = text.split(separator: ".").map {
            String(decoding: Base64.urlDecoded($0.utf8) ?? [], as: UTF8.self)
        }
        let isGo = segments[0] == GoJSON.text(.object(header)) && segments[1] == GoJSON.text(.object(jws.claims))
        return .object([
            "$jwt": .object([
                "header": value(.object(header), nil, nil), "payload": value(.object(jws.claims), nil, nil),
                "signature": .string(verdict),
                "spelling": .string(isGo ? "go" : "other"),
            ])
        ])
    }
}
