import Crypto
import Encodings

/// JWTs as the recorded requests carry them: good ones, and ones that no library would make.
struct RecordedJWT {
    let fixture: Fixture
    private let strangerRSA: PrivateKey
    private let strangerEC: PrivateKey
    private var known: [String: PrivateKey] = [:]
    /// Keys that the server made meanwhile: PEM and id, by the path that names them.
    private var added: [String: (pem: String, id: String)] = [:]

    init(_ fixture: Fixture) throws {
        self.fixture = fixture
        strangerRSA = try PrivateKey.generate(for: .rs256)
        strangerEC = try PrivateKey.generate(for: .es256)
    }

    /// Makes a key known that the fixture does not have.
    mutating func add(_ pem: String, id: String, as path: String) { added[path] = (pem, id) }

    /// Makes the JWT that a description asks for.
    /// - Parameters:
    ///   - claims: with all templates filled in; a text is a payload that is taken as it is.
    ///   - header: further members of the header; `$drop` takes one away.
    mutating func make(_ description: JSONObject, claims: JSON, header extra: JSONObject, now: Int64) throws -> String {
        let algorithm = description["alg"]?.string ?? "RS256"
        let reference = description["key"]?.string ?? "other"
        var header: JSONObject = ["alg": .string(algorithm)]
        var secret = Array("a secret of no importance at all".utf8)
        var key = reference == "ec" || algorithm.hasPrefix("ES") ? strangerEC : strangerRSA
        if !["other", "ec"].contains(reference) {
            let path = reference.hasPrefix("public:") ? String(reference.dropFirst(7)) : reference
            let added = added[path]
            guard let id = added.map({ JSON.string($0.id) }) ?? fixture[path + ".id"],
                let pem = added?.pem ?? fixture[path + ".privateKey"]?.string
            else {
                throw Missing(what: "fixture has no \(path)")
            }
            header.append("kid", id)
            let own = try known[path] ?? PrivateKey(pem: pem).orThrow(Missing(what: "\(path) is not a key"))
            known[path] = own
            if reference.hasPrefix("public:") { secret = Array(own.publicKey.pem.utf8) }
            if !algorithm.hasPrefix("ES") { key = own }
        }
        for member in extra.members {
            header.members.removeAll { $0.name == member.name }
            header.members.append(member)
        }
        header.members.removeAll { $0.value == .string("$drop") }
        let payload = claims.string.map { Array($0.utf8) } ?? JSON.object(withoutDropped(claims)).bytes()
        let input = Base64.urlEncoded(JSON.object(header).bytes()) + "." + Base64.urlEncoded(payload)
        let signature = try signature(algorithm, key, secret, Array(input.utf8))
        return try mangled(input + "." + Base64.urlEncoded(signature), description["mangle"]?.string, now)
    }

    private func withoutDropped(_ claims: JSON) -> JSONObject {
        var object = claims.object ?? [:]
        object.members.removeAll { $0.value == .string("$drop") }
        return object
    }

    private func signature(
        _ algorithm: String, _ key: PrivateKey, _ secret: [UInt8], _ input: [UInt8]
    ) throws -> [UInt8] {
        if algorithm == "none" { return [] }
        if algorithm.hasPrefix("HS") { return hmac(input, secret) }
        guard let known = SignatureAlgorithm(rawValue: algorithm) else { throw Missing(what: "algorithm \(algorithm)") }
        return try (known == .edDSA ? PrivateKey.generate(for: .edDSA) : key).sign(input, by: known)
    }

    /// HMAC with SHA-256 (RFC 2104): the product has none on purpose, an attacker has.
    private func hmac(_ message: [UInt8], _ secret: [UInt8]) -> [UInt8] {
        var key = secret.count > 64 ? Digest.sha256.hash(secret) : secret
        key += [UInt8](repeating: 0, count: 64 - key.count)
        return Digest.sha256.hash(key.map { $0 ^ 0x5C } + Digest.sha256.hash(key.map { $0 ^ 0x36 } + message))
    }

    private func mangled(_ token: String, _ way: String?, _ now: Int64) throws -> String {
        var parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch way {
        case "payload":  // other claims under the old signature
            var claims = try JSONParser.parse(Base64.urlDecoded(parts[1].utf8) ?? []).object ?? [:]
            claims.members.removeAll { $0.name == "exp" }
            claims.append("exp", .integer(now + 3000))
            parts[1] = Base64.urlEncoded(JSON.object(claims).bytes())
        case "two": parts.removeLast()
        case "four": parts.append("AAAA")
        case "padding":
            var body = Base64.urlDecoded(parts[1].utf8) ?? []
            while body.count % 3 == 0 { body = body.dropLast() + Array(" }".utf8) }
            let text = Base64.urlEncoded(body)
            parts[1] = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        case "stdchars": parts[1] = parts[1].dropLast(4) + "+/+/"
        default: break
        }
        return parts.joined(separator: ".")
    }
}

extension Optional {
    func orThrow(_ error: @autoclosure () -> some Error) throws -> Wrapped {
        guard let self else { throw error() }
        return self
    }
}
