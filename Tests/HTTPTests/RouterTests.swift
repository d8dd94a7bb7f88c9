import HTTP
import Testing

@Suite struct RouterTests {
    private static let router = Router<String>([
        .init("", "/any", "any"), .init("GET", "/", "root"), .init("GET", "/users", "list"),
        .init("POST", "/users", "create"), .init("GET PATCH", "/users/{id}", "one"),
        .init("GET", "/users/me", "me"), .init("DELETE", "/users/{id}", "remove"),
        .init("GET", "/users/{user}/keys/{key}", "key"), .init("POST", "/snapshots/{name}/restore", "restore"),
        .init("GET", "/files/{path...}", "files"), .init("GET", "/files/index", "index"),
        .init("POST", "/signingKeys", "keys"),
    ])

    /// The endpoint and its parameters, or the status.
    private static func match(_ method: String, _ path: String, _ names: [String] = []) -> String {
        switch router.match(method: method, path: path) {
        case .found(let endpoint, let parameters): ([endpoint] + names.map { parameters[$0] }).joined(separator: " ")
        case .methodNotAllowed(let allowed): "405 " + allowed.joined(separator: ", ")
        case .notFound: "404"
        }
    }

    @Test(
        "a method and a path lead to an endpoint",
        arguments: [
            ("GET", "/", "root"), ("GET", "/users", "list"), ("POST", "/users", "create"), ("GET", "/users/me", "me"),
            ("PUT", "/any", "any"), ("HEAD", "/users", "list"), ("POST", "/snapshots/x/restore", "restore"),
            ("GET", "/files/index", "index"), ("GET", "/%75sers", "list"),
        ])
    func found(method: String, path: String, endpoint: String) {
        #expect(Self.match(method, path) == endpoint)
    }

    @Test("parameters are percent-decoded, each in its segment")
    func parameters() {
        #expect(Self.match("GET", "/users/a%20b%2Fc+d", ["id"]) == "one a b/c+d")
        #expect(Self.match("GET", "/users/zo%C3%AB/keys/%7Bx%7D", ["user", "key"]) == "key zoë {x}")
        #expect(Self.match("GET", "/files/a/b/c", ["path"]) == "files a/b/c")
        #expect(Self.match("GET", "/users/7", ["none"]) == "one ")
        #expect(Self.match("GET", "/users/\u{301}a", ["id"]) == "one \u{301}a")
    }

    @Test("a literal segment takes precedence over a parameter, unless only the other endpoint has the method")
    func precedence() {
        #expect(Self.match("GET", "/users/me") == "me")
        #expect(Self.match("DELETE", "/users/me", ["id"]) == "remove me")
    }

    @Test("a request with another method for a known path is answered with the allowed methods")
    func methodNotAllowed() {
        #expect(Self.match("PUT", "/users") == "405 GET, HEAD, POST")
        #expect(Self.match("PUT", "/users/me") == "405 DELETE, GET, HEAD, PATCH")
        #expect(Self.match("GET", "/snapshots/x/restore") == "405 POST")
    }

    @Test("a router can compare raw paths, and treat HEAD like any other method")
    func asSent() {
        let router = Router<String>([.init("GET POST", "/page", "page"), .init("", "/any", "any")], comparing: .asSent)
        func match(_ method: String, _ path: String) -> String {
            switch router.match(method: method, path: path) {
            case .found(let endpoint, _): endpoint
            case .methodNotAllowed(let allowed): "405 " + allowed.joined(separator: ", ")
            case .notFound: "404"
            }
        }
        #expect(match("POST", "/page") == "page" && match("HEAD", "/any") == "any")
        #expect(match("HEAD", "/page") == "405 GET, POST")
        #expect(match("GET", "/%70age") == "404")
        #expect(router.endpoints(ofPath: "/page") == ["page", "page"])
        #expect(router.endpoints(ofPath: "/other").isEmpty)
    }

    @Test(
        "a path without an endpoint is not found",
        arguments: [
            "/user", "/users/", "/users//keys/x", "/users/a/keys", "/users/%zz", "/users/%", "", "*", "users",
            "/signing\u{212A}eys", "/files", "//users", "/USERS", "/{id}",
        ])
    func notFound(path: String) {
        #expect(Self.match("GET", path) == "404")
    }
}
