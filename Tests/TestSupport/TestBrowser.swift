import Encodings
public import HTTP

/// A browser for tests: it keeps cookies, reads forms and presses their buttons, and follows redirects as long as that is on the server.
public final class TestBrowser {
    /// What a page has, by the ids that `docs/sign-in.md` promises.
    public struct Page {
        public let response: HTTPResponse
        public var html: String { response.text }
        /// The text of the alert; nil without one.
        public var problem: String? {
            html.firstMatch(of: /<p class="problem" role="alert" id="problem">([^<]*)</).map { String($0.1) }
        }

        /// Labels of the buttons of a form, without the small text below them.
        public func buttons(_ formID: String) -> [String] {
            guard let form = form(formID) else { return [] }
            return form.matches(of: /<button[^>]*>([^<]*)</).map { String($0.1) }
        }

        /// The form with this id, as it is written.
        public func form(_ id: String) -> String? {
            guard let start = html.firstRange(of: "<form id=\"\(id)\""),
                let end = html[start.upperBound...].firstRange(of: "</form>")
            else { return nil }
            return String(html[start.lowerBound..<end.lowerBound])
        }
    }

    public struct NoSuchForm: Error {
        public let id: String
        public let page: String
    }

    private let send: (HTTPRequest) throws -> HTTPResponse
    public var cookies: [(name: String, value: String)] = []
    /// Headers that go with every request.
    public var headers: [(name: String, value: String)] = []
    /// Where the last answer came from.
    private var path = "/"

    /// - Parameter send: how requests reach the server.
    public init(_ send: @escaping (HTTPRequest) throws -> HTTPResponse) {
        self.send = send
    }

    /// - Parameter target: path and query.
    public func get(_ target: String) throws -> Page { try request("GET", target, nil) }

    /// Gets a page, over as many redirects as lead to the server itself.
    public func open(_ target: String) throws -> Page {
        var page = try get(target)
        for _ in 0..<5 {
            guard let location = page.response.header("Location"), location.hasPrefix("/") else { return page }
            page = try get(location)
        }
        return page
    }

    /// Sends a form of the page, with its hidden fields and others.
    public func submit(_ page: Page, _ formID: String, _ fields: [(String, String)]) throws -> Page {
        guard let form = page.form(formID) else { throw NoSuchForm(id: formID, page: page.html) }
        let hidden = form.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
            .map { (String($0.1), String($0.2)) }
        let action = form.firstMatch(of: /action="([^"]*)"/).map { String($0.1) } ?? path
        return try request("POST", action, hidden + fields)
    }

    /// Presses the button of the form whose label is or begins with the text.
    public func press(_ page: Page, _ formID: String, _ label: String) throws -> Page {
        guard let form = page.form(formID),
            let button = form.matches(of: /<button[^>]* name="([^"]*)" value="([^"]*)">([^<]*)</)
                .first(where: { $0.3.hasPrefix(label) })
        else { throw NoSuchForm(id: "\(formID): \(label)", page: page.html) }
        return try submit(page, formID, [(String(button.1), String(button.2))])
    }

    private func request(_ method: String, _ target: String, _ form: [(String, String)]?) throws -> Page {
        let sides = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(sides[0])
        var request = HTTPRequest(method: method, path: path, headers: headers)
        request.query = sides.count > 1 ? Array(sides[1].utf8) : []
        if !cookies.isEmpty {
            request.headers.append(("cookie", cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")))
        }
        if let form {
            request.headers.append(("content-type", "application/x-www-form-urlencoded"))
            let pairs = form.map { "\(PercentEncoding.formEncoded($0))=\(PercentEncoding.formEncoded($1))" }
            request.body = Array(pairs.joined(separator: "&").utf8)
        }
        let response = try send(request)
        for header in response.headers where header.name.lowercased() == "set-cookie" {
            let pair = header.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2 {
                cookies.removeAll { $0.name == pair[0] }
                cookies.append((pair[0], pair[1]))
            }
        }
        return Page(response: response)
    }
}

/// An address taken apart.
public struct WebLocation {
    public let base: String
    public let query: [(String, String)]
    public let fragment: [(String, String)]

    public init(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let sides = (parts.first ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        base = sides.first.map(String.init) ?? ""
        query = Self.pairs(sides.count > 1 ? String(sides[1]) : "")
        fragment = Self.pairs(parts.count > 1 ? parts[1] : "")
    }

    private static func pairs(_ text: String) -> [(String, String)] {
        text.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ side: Substring) -> String { PercentEncoding.formDecoded(Array(side.utf8)) ?? String(side) }
            return (decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
        }
    }
}

extension HTTPResponse {
    /// The parameters of the address that the answer redirects to, by query or by fragment.
    public var locationParameters: [String: String] {
        let location = WebLocation(header("Location") ?? "")
        return Dictionary(location.query.isEmpty ? location.fragment : location.query) { first, _ in first }
    }
}
