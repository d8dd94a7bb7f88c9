import Crypto
import Encodings
import HTTP
import TestSupport

/// Takes the steps of a case: fills in the templates of a request, sends it, and keeps what later steps ask for.
struct Replayer {
    let fixture: Fixture
    let exchange: Exchange
    private let recipes: JSONObject
    private var jwts: RecordedJWT
    private var tokens: [String: JSONObject] = [:]
    private var captured: [String: String] = [:]
    /// Client secrets that were renewed, by their path in the fixture.
    private var renewed: [String: String] = [:]
    private var hasMovedClock = false

    init(_ recording: Recording, _ fixture: Fixture, _ exchange: Exchange) throws {
        self.fixture = fixture
        self.exchange = exchange
        recipes = recording.recipes
        jwts = try RecordedJWT(fixture)
    }

    private var base: String { "http://\(exchange.host)" }
    private var now: Int64 { RecordedClock.now }

    mutating func begin() throws {
        captured = [:]
        // A case that moved the clock leaves real time behind.
        if hasMovedClock { _ = try exchange.send("DELETE", "/mock/v1/clock") }
        hasMovedClock = false
    }

    /// The answer to a step that is a request; nil for one that only makes something.
    mutating func take(_ step: JSONObject) throws -> Answer? {
        if let name = step["make"]?.string {
            captured[String(name.dropFirst(4))] = try value(step["value"] ?? .null).string
            return nil
        }
        if step["admin"]?.string == "device" {
            try decide(step)
            return nil
        }
        if let change = step["admin"]?.string {
            try make(step)
            if change == "clock" { hasMovedClock = true }
            return nil
        }
        let answer: Answer
        if let login = step["login"]?.object {
            answer = Answer(response: HTTPResponse(status: 302, headers: [("Location", try signIn(login))]))
        } else if let request = step["req"]?.object {
            answer = try send(request)
        } else {
            throw Missing(what: "a step that is not a request")
        }
        for member in step["save"]?.object?.members ?? [] {
            captured[member.name] = member.value.string.flatMap { name in
                if name.hasPrefix("query:") { return answer.locationParameters[String(name.dropFirst(6))] }
                return answer.json?.object?[name]?.string
            }
        }
        return answer
    }

    /// Changes the server from outside.
    private mutating func make(_ step: JSONObject) throws {
        let (captured, renewed, fixture) = (captured, renewed, fixture)
        let change = AdministratorChange(step: step, exchange: exchange) { path in
            let value =
                path.hasPrefix("cap:")
                ? captured[String(path.dropFirst(4))] : renewed[path] ?? fixture[path]?.string
            return try value.orThrow(Missing(what: "there is no \(path)"))
        }
        let made = try change.make()
        for member in step["save"]?.object?.members ?? [] {
            self.captured[member.name] = member.value.string.flatMap { made[$0] }
        }
        if let key = made["key"], let id = made["id"], let name = step["save"]?.object?.members.first?.name {
            jwts.add(key, id: id, as: "cap:\(name)")
        }
        if let secret = made["new"], let user = step["user"]?.string {
            self.renewed["\(user).clientSecret"] = secret
        }
    }

    // MARK: Sign-ins

    private static let verifier = "verifier-" + String(repeating: "v", count: 40)

    /// Where the browser is sent in the end.
    private mutating func signIn(_ login: JSONObject) throws -> String {
        let app = login["app"]?.string ?? ""
        let user = login["user"]?.string ?? ""
        captured["loginUser"] = fixture["\(user).id"]?.string
        var query: [(String, String)] = [
            ("client_id", try text("{{\(app).clientId}}")), ("redirect_uri", try redirectURI(of: app)),
            ("response_type", login["response_type"]?.string ?? "code"),
            ("scope", try text(login["scope"]?.string ?? "")), ("state", login["state"]?.string ?? "st-1"),
        ]
        let isPublic = fixture["\(app).authMethod"]?.string == "none"
        if login["pkce"]?.bool ?? isPublic {
            let challenge = Base64.urlEncoded(Digest.sha256.hash(Array(Self.verifier.utf8)))
            query += [("code_challenge", challenge), ("code_challenge_method", "S256")]
        }
        query += try pairs(login["params"])
        let driver = SignInDriver(exchange)
        return try driver.signIn(
            "/oauth/v2/authorize?" + Exchange.encoded(query), loginName: try text("{{\(user).loginName}}"),
            password: try text("{{\(user).password}}"))
    }

    private func redirectURI(of app: String) throws -> String {
        try (fixture["\(app).redirectUris"]?.array?.first?.string).orThrow(
            Missing(what: "the app \(app) has no redirect URI"))
    }

    /// Says yes or no for a device, at its page.
    private mutating func decide(_ step: JSONObject) throws {
        let code = try text("{{\(step["code"]?.string ?? "")}}")
        let driver = SignInDriver(exchange)
        guard step["to"]?.string == "allow" else { return try driver.deny(device: code) }
        let user = step["user"]?.string ?? ""
        try driver.approve(
            device: code, loginName: try text("{{\(user).loginName}}"), password: try text("{{\(user).password}}"))
    }

    /// The tokens of a sign-in.
    private mutating func codeFlow(_ recipe: JSONObject) throws -> Answer {
        let app = recipe["app"]?.string ?? ""
        let end = Answer(response: HTTPResponse(status: 302, headers: [("Location", try signIn(recipe))]))
        let code = try end.locationParameters["code"].orThrow(Trouble(what: "no code"))
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", try redirectURI(of: app)),
        ]
        var headers: [(name: String, value: String)] = []
        switch fixture["\(app).authMethod"]?.string {
        case "basic":
            let names = JSON.strings(["{{\(app).clientId}}", "{{\(app).clientSecret}}"])
            headers.append(("Authorization", try made("$basic", names, [:]).string ?? ""))
        case "post":
            form += [
                ("client_id", try text("{{\(app).clientId}}")), ("client_secret", try text("{{\(app).clientSecret}}")),
            ]
        case "none": form += [("client_id", try text("{{\(app).clientId}}")), ("code_verifier", Self.verifier)]
        default: form += try assertion(of: app)
        }
        return try exchange.postForm("/oauth/v2/token", form, headers)
    }

    private mutating func assertion(of app: String) throws -> [(String, String)] {
        let key = fixture["\(app).keys"]?.object?.members.first?.name ?? ""
        let id = JSON.string("{{\(app).clientId}}")
        let claims: JSONObject = [
            "iss": id, "sub": id, "aud": .string("{{I}}"), "iat": .object(["$now": .integer(0)]),
            "exp": .object(["$now": .integer(3600)]),
        ]
        let description: JSONObject = ["key": .string("\(app).keys.\(key)"), "claims": .object(claims)]
        return [
            ("client_assertion_type", ReferenceFixture.assertionType),
            ("client_assertion", try made("$jwt", .object(description), [:]).string ?? ""),
        ]
    }

    // MARK: Requests

    private mutating func send(_ request: JSONObject) throws -> Answer {
        var target = try text(request["path"]?.string ?? "")
        let query = try pairs(request["query"])
        if !query.isEmpty { target += "?" + Exchange.encoded(query) }
        if let raw = request["rawquery"]?.string { target += "?" + (try text(raw)) }
        var headers: [(name: String, value: String)] = try pairs(request["headers"]).map { ($0.0, $0.1) }
        var body: [UInt8]?
        if request["form"] != nil {
            body = Array(Exchange.encoded(try pairs(request["form"])).utf8)
            if request["noctype"] == nil, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            }
        } else if let content = request["body"] {
            let filled = try value(content)
            body = filled.string.map { Array($0.utf8) } ?? filled.bytes()
        }
        return try exchange.send(request["method"]?.string ?? "POST", target, headers, body)
    }

    private mutating func pairs(_ list: JSON?) throws -> [(String, String)] {
        var out: [(String, String)] = []
        for pair in list?.array ?? [] {
            guard let sides = pair.array, sides.count == 2 else { continue }
            out.append((sides[0].string ?? "", try value(sides[1]).string ?? ""))
        }
        return out
    }

    // MARK: Templates

    /// Fills in each `{{expression}}`.
    private mutating func text(_ template: String) throws -> String {
        var out = ""
        var rest = template[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            out += rest[..<open.lowerBound] + (try expression(String(rest[open.upperBound..<close.lowerBound])))
            rest = rest[close.upperBound...]
        }
        return out + rest
    }

    private mutating func expression(_ expression: String) throws -> String {
        if expression == "I" { return base }
        if expression == "host" { return exchange.host }
        if expression.hasPrefix("now") { return String(now + (Int64(expression.dropFirst(3)) ?? 0)) }
        if expression.hasPrefix("token:") { return try token(String(expression.dropFirst(6))) }
        if expression.hasPrefix("cap:") {
            return try captured[String(expression.dropFirst(4))].orThrow(
                Missing(what: "nothing saved as \(expression)"))
        }
        return try (renewed[expression] ?? fixture[expression]?.string).orThrow(
            Missing(what: "fixture has no \(expression)"))
    }

    /// Fills in templates and makes what an object with a `$` member describes.
    private mutating func value(_ template: JSON) throws -> JSON {
        switch template {
        case .string(let text): return .string(try self.text(text))
        case .array(let values):
            var out: [JSON] = []
            for item in values { out.append(try value(item)) }
            return .array(out)
        case .object(let object):
            if let tag = object.members.first(where: { $0.name.hasPrefix("$") }) {
                return try made(tag.name, tag.value, object)
            }
            var out = JSONObject()
            for member in object.members { out.append(member.name, try value(member.value)) }
            return .object(out)
        default: return template
        }
    }

    private mutating func made(_ tag: String, _ argument: JSON, _ whole: JSONObject) throws -> JSON {
        let list = argument.array ?? []
        func number(_ value: JSON?) -> Int64 { if case .integer(let number)? = value { number } else { 0 } }
        switch tag {
        case "$basic":
            var parts: [String] = []
            for part in list { parts.append(try text(part.string ?? "")) }
            let isPlain = whole["plain"]?.bool ?? false
            let credentials = parts.map { isPlain ? $0 : PercentEncoding.formEncoded($0) }.joined(separator: ":")
            return .string("\(whole["scheme"]?.string ?? "Basic") \(Base64.encoded(Array(credentials.utf8)))")
        case "$jwt":
            let description = argument.object ?? [:]
            let claims = try description["claims"].map { $0.string == nil ? try value($0) : $0 } ?? .object([:])
            let header = try value(.object(description["header"]?.object ?? [:])).object ?? [:]
            return .string(try jwts.make(description, claims: claims, header: header, now: now))
        case "$now": return .integer(now + number(argument))
        case "$nowf": return .decimal("\(now + number(argument)).75")
        case "$nowstr": return .string(String(now + number(argument)))
        case "$rfc": return .string(UTCDateTime(unix: now + number(argument)).rfc3339)
        case "$repeat": return .string(String(repeating: list[0].string ?? "", count: Int(number(list[1]))))
        case "$cut": return .string(String((try value(list[0]).string ?? "").prefix(Int(number(list[1])))))
        case "$chop": return .string(String((try value(argument).string ?? "").dropLast()))
        case "$segment":
            let parts = (try value(list[0]).string ?? "").split(separator: ".", omittingEmptySubsequences: false)
            return .string(String(parts[Int(number(list[1]))]))
        case "$alter":
            var bytes = Array((try value(argument).string ?? "").utf8)
            let index = bytes.count - 12
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            return .string(String(decoding: bytes, as: UTF8.self))
        default: throw Missing(what: "the template \(tag)")
        }
    }

    // MARK: Tokens that several cases share

    private mutating func token(_ reference: String) throws -> String {
        let parts = reference.split(separator: ".").map(String.init)
        if tokens[parts[0]] == nil { tokens[parts[0]] = try obtain(parts[0]) }
        let member = parts.count > 1 ? parts[1] : "access_token"
        return try (tokens[parts[0]]?[member]?.string).orThrow(Trouble(what: "token \(reference) has no \(member)"))
    }

    private mutating func obtain(_ name: String) throws -> JSONObject {
        guard let recipe = recipes[name]?.object else { throw Missing(what: "no token recipe \(name)") }
        let user = recipe["user"]?.string ?? ""
        let scope = try text(recipe["scope"]?.string ?? "")
        let answer: Answer
        switch recipe["grant"]?.string {
        case "cc":
            let authorization =
                try made("$basic", .strings(["{{\(user).loginName}}", "{{\(user).clientSecret}}"]), [:]).string ?? ""
            answer = try exchange.postForm(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", scope)],
                [("Authorization", authorization)])
        case "jwt":
            let id = JSON.string("{{\(user).id}}")
            let claims: JSONObject = [
                "iss": id, "sub": id, "aud": .string("{{I}}"), "iat": .object(["$now": .integer(0)]),
                "exp": .object(["$now": .integer(3600)]),
            ]
            let assertion =
                try made("$jwt", .object(["key": recipe["key"] ?? .null, "claims": .object(claims)]), [:]).string ?? ""
            answer = try exchange.postForm(
                "/oauth/v2/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("scope", scope),
                    ("assertion", assertion),
                ])
        case "code": answer = try codeFlow(recipe)
        default: throw Missing(what: "a recipe of the grant \(recipe["grant"]?.string ?? "")")
        }
        guard answer.response.status == 200, let object = answer.json?.object else {
            throw Trouble(what: "token \(name): \(answer.text.prefix(150))")
        }
        return object
    }
}
