import Encodings
import Glibc
import HTTP
import HTTPServer
import Server

/// What one address of a server shows to the clients that use it.
struct DoctorCheck {
    struct Finding {
        /// Whether clients fail by it; else it is only to be known.
        let isWrong: Bool
        let what: String
        let advice: String
    }

    let client: ControlClient
    /// What is looked at: the address of the client, unless that has the control API alone.
    private var address: ServerAddress
    private(set) var issuer: String?
    private(set) var keyIDs: [String]?
    /// Seconds that the server's clock is ahead of this one's.
    private(set) var skew: Int64?
    private(set) var clockMode: String?
    private(set) var tokenEndpoint: String?
    private(set) var control = "-"
    private(set) var findings: [Finding] = []

    /// Seconds that an answer may take.
    private static let timeout = 5
    /// Seconds of difference that ZITADEL's libraries tolerate.
    private static let tolerance: Int64 = 5

    /// What was asked: the address, or the host name at it.
    var name: String { client.hostName.map { "http://\($0)" } ?? address.text }

    var isWrong: Bool { findings.contains(where: \.isWrong) }

    init(_ client: ControlClient) {
        self.client = client
        address = client.address
    }

    /// Looks at everything. Nothing is changed.
    mutating func run() {
        guard let discovery = discovery() else { return }
        checkIssuer(discovery)
        checkKeys(discovery)
        checkTokenEndpoint(discovery)
        checkControl()
    }

    private mutating func find(_ what: String, _ advice: String, isWrong: Bool = true) {
        findings.append(Finding(isWrong: isWrong, what: what, advice: advice))
    }

    private func get(_ path: String) throws(HTTPClient.Failure) -> HTTPResponse {
        var request = HTTPRequest(
            method: "GET", path: path, headers: [("host", client.hostName ?? address.authority)])
        if let instance = client.instance { request.headers.append((MockHeader.instance.field, instance)) }
        return try HTTPClient.send(
            request, host: address.host, port: address.port, timeout: Self.timeout)
    }

    // MARK: Discovery and issuer

    private mutating func discovery() -> JSONObject? {
        let response: HTTPResponse
        do { response = try get("/.well-known/openid-configuration") } catch {
            find(error.description, Self.advice(error.kind, host: address.host))
            return nil
        }
        if let date = response.header("date").flatMap(Self.seconds) { skew = date - HTTPClock.system.unixSeconds() }
        guard response.status == 200, let document = (try? JSONParser.parse(response.body))?.object else {
            if response.hasControlAPIAlone { return discoveryElsewhere() }
            let reason = response.header(MockHeader.OfAnswers.reason.field).map { ": \($0)" } ?? ""
            if response.status == 404, reason.isEmpty, !isMockZitadel() {
                findOther()
                return nil
            }
            find(
                "discovery answers with status \(response.status)\(reason)",
                response.status == 404
                    ? "add the host to instance.domains of the seed, or use a name that is there"
                    : "look at the server's log")
            return nil
        }
        return document
    }

    /// Continues at the issuer, which a port with the control API alone reports.
    private mutating func discoveryElsewhere() -> JSONObject? {
        let answer = try? client.call("GET", "")
        let issuer = answer.flatMap { try? JSONParser.parse($0.body) }?.object?["issuer"]?.string
        guard client.hostName == nil, let other = issuer.flatMap(ServerAddress.init), other != address else {
            find(
                "this port has the control API alone",
                "name the server's other port: mock-zitadel doctor http://\(address.host):PORT")
            return nil
        }
        find(
            "port \(address.port) has the control API alone",
            "clients use the other port, which was looked at: \(other.text)", isWrong: false)
        address = other
        return discovery()
    }

    private mutating func findOther() {
        find(
            "this is not mock-zitadel",
            "another server listens there: stop that one, or name the address of mock-zitadel; a proxy must forward all paths"
        )
    }

    /// Whether something says that this program answers: a problem of the control API, or the page at the root.
    private func isMockZitadel() -> Bool {
        if let type = try? get("/mock/v1/clock").header("content-type"), type.hasPrefix("application/problem+json") {
            return true
        }
        guard let page = try? get("/") else { return false }
        return page.header(MockHeader.OfAnswers.reason.field) != nil
            || String(decoding: page.body, as: UTF8.self).contains("mock-zitadel")
    }

    private static func advice(_ kind: HTTPClient.Failure.Kind, host: String) -> String {
        switch kind {
        case .unknownHost:
            "the name \(host) is not known here: in a container network use the service's name, on its host localhost, else a name of DNS or /etc/hosts"
        case .notConnected:
            "nothing listens there: start the server; one in a container needs --host '*' and a published port"
        case .noAnswer: "something listens there and does not answer: a proxy, or a fault that hangs"
        case .notHTTP: "what listens there does not speak HTTP; is it the port of TLS, or of another server?"
        }
    }

    private mutating func checkIssuer(_ discovery: JSONObject) {
        issuer = discovery["issuer"]?.string
        guard let issuer, issuer != name else { return }
        find(
            "the issuer is \(issuer)",
            "clients that are set up with \(name) refuse it: set them up with \(issuer), or start the server with --issuer \(name)"
        )
    }

    // MARK: Keys and token endpoint

    private mutating func checkKeys(_ discovery: JSONObject) {
        guard let url = discovery["jwks_uri"]?.string.flatMap({ WebURL($0) }) else { return }
        do {
            let response = try get(url.path)
            let keys = (try? JSONParser.parse(response.body))?.object?["keys"]?.array
            guard response.status == 200, let keys else {
                return find(
                    "the key set answers with status \(response.status)",
                    "JWTs cannot be verified: look at the server's log, and for faults with mock-zitadel faults")
            }
            keyIDs = keys.compactMap { $0.object?["kid"]?.string }
        } catch { find("the key set: \(error)", "JWTs cannot be verified: look at the server's log") }
    }

    private mutating func checkTokenEndpoint(_ discovery: JSONObject) {
        guard let text = discovery["token_endpoint"]?.string, let url = WebURL(text) else { return }
        guard url.scheme == "http" else {
            tokenEndpoint = "not asked"
            return find("the endpoints are \(url.scheme)", "a proxy must terminate TLS", isWrong: false)
        }
        var request = HTTPRequest(
            method: "POST", path: url.path, headers: [("content-type", "application/x-www-form-urlencoded")])
        if let name = client.hostName { request.headers.append(("host", name)) }
        let host = client.hostName == nil ? url.host : address.host
        let port = client.hostName == nil ? url.port ?? 80 : address.port
        do {
            let response = try HTTPClient.send(request, host: host, port: port, timeout: Self.timeout)
            tokenEndpoint = "status \(response.status)"
            // A request without a grant is refused, and that is right.
            if (400...401).contains(response.status) {
                tokenEndpoint = "reached"
            } else {
                find(
                    "\(text) answers an empty request with status \(response.status)",
                    "expected 400; look at the server's log, and for faults with mock-zitadel faults")
            }
        } catch {
            tokenEndpoint = "not reached"
            find(
                "the endpoints of discovery cannot be reached: \(error)",
                "clients follow discovery: use an issuer whose host every client can reach, or pin it with --issuer")
        }
    }

    // MARK: Control API: clock and faults

    private mutating func checkControl() {
        do {
            let response = try client.call("GET", "/clock")
            control = "reached"
            if let clock = (try? JSONParser.parse(response.body))?.object { checkClock(clock) }
            let faults = (try? JSONParser.parse(try client.call("GET", "/faults").body))?.object?["items"]?.array ?? []
            if !faults.isEmpty {
                find(
                    faults.count == 1 ? "1 fault is set" : "\(faults.count) faults are set",
                    "mock-zitadel faults clear removes all", isWrong: false)
            }
        } catch let refused as ControlClient.Refused {
            control = "status \(refused.response.status)"
            if refused.response.status == 404, !isMockZitadel() { return findOther() }
            find("the control API: \(refused)", "commands of tests do not work at this address", isWrong: false)
        } catch { find("the control API: \(error)", "look at the server's log") }
        if let skew, abs(skew) > Self.tolerance, clockMode ?? "real" == "real" {
            find(
                "the server's clock is \(abs(skew)) s \(skew > 0 ? "ahead" : "behind")",
                "set the clocks of both machines; verifiers refuse tokens from the future")
        }
    }

    private mutating func checkClock(_ clock: JSONObject) {
        clockMode = clock["mode"]?.string
        if let now = clock["now"]?.string.flatMap(UTCDateTime.unix(rfc3339:)) {
            skew = now - HTTPClock.system.unixSeconds()
        }
        guard let clockMode, clockMode != "real" else { return }
        find(
            "the clock is \(clockMode), \(clock.shown("offset")) from real time",
            "mock-zitadel clock reset brings it back", isWrong: false)
    }

    /// The seconds of a header `Date`.
    private static func seconds(_ date: String) -> Int64? {
        let parts = date.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, let month = months.firstIndex(of: String(parts[2])) else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return UTCDateTime.unix(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
