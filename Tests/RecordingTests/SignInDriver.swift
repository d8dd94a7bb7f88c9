import Encodings

/// Signs a person in as a browser does: from the authorization endpoint over the page's form, with login name and password, to the app.
struct SignInDriver {
    let exchange: Exchange
    private var cookies: [String: String] = [:]

    init(_ exchange: Exchange) {
        self.exchange = exchange
    }

    /// - Returns: the address that the browser is sent to when it leaves the server.
    mutating func signIn(_ target: String, loginName: String, password: String) throws -> String {
        var answer = try follow("GET", target, nil)
        let location = answer.header("Location") ?? ""
        guard answer.response.status == 302, location.hasPrefix("/ui/") else {
            throw Trouble(what: "authorize answered \(answer.response.status) \(location) \(answer.text.prefix(150))")
        }
        answer = try follow("GET", location, nil)
        guard answer.response.status == 200 else { throw Trouble(what: "the page answered \(answer.response.status)") }
        let form = try Self.form("password", answer.text)
        let fields = form.hidden + [("loginName", loginName), ("password", password), ("signIn", "1")]
        answer = try follow("POST", form.action, fields)
        guard answer.response.status == 302, let end = answer.header("Location") else {
            throw Trouble(what: "the form answered \(answer.response.status) \(answer.text.prefix(800))")
        }
        return end
    }

    /// Says yes for a device.
    mutating func approve(device userCode: String, loginName: String, password: String) throws {
        let fields = [("loginName", loginName), ("password", password), ("signIn", "1")]
        try decide("/device?user_code=\(userCode)", "password", fields, "id=\"approved\"")
    }

    /// Says no for a device.
    mutating func deny(device userCode: String) throws {
        try decide("/device?user_code=\(userCode)", "deny", [("deny", "1")], "id=\"denied\"")
    }

    private mutating func decide(
        _ target: String, _ formID: String, _ fields: [(String, String)], _ sign: String
    ) throws {
        let form = try Self.form(formID, try follow("GET", target, nil).text)
        let answer = try follow("POST", form.action, form.hidden + fields)
        guard answer.text.contains(sign) else { throw Trouble(what: "the page answered \(answer.text.prefix(800))") }
    }

    private mutating func follow(_ method: String, _ target: String, _ form: [(String, String)]?) throws -> Answer {
        var headers: [(name: String, value: String)] = []
        if !cookies.isEmpty {
            headers.append(("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        var body: [UInt8]?
        if let form {
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            body = Array(Exchange.encoded(form).utf8)
        }
        let answer = try exchange.send(method, target, headers, body)
        for header in answer.response.headers where header.name.lowercased() == "set-cookie" {
            let pair = header.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
        return answer
    }

    /// Where the form with this id is sent, and what it carries unseen.
    static func form(_ id: String, _ html: String) throws -> (action: String, hidden: [(String, String)]) {
        guard let start = html.firstRange(of: "<form id=\"\(id)\""),
            let end = html[start.upperBound...].firstRange(of: "</form>"),
            let action = html[start.upperBound...].firstMatch(of: /action="([^"]*)"/)?.1
        else { throw Trouble(what: "the page has no form \(id)") }
        let inputs = html[start.upperBound..<end.lowerBound]
            .matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
        return (String(action), inputs.map { (String($0.1), String($0.2)) })
    }
}
