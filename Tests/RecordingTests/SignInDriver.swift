import HTTP
import TestSupport

/// Lets people sign in and decide about devices at the real pages, with login name and password.
struct SignInDriver {
    private let browser: TestBrowser

    init(_ exchange: Exchange) {
        browser = TestBrowser { request in
            let target =
                request.path + (request.query.isEmpty ? "" : "?" + String(decoding: request.query, as: UTF8.self))
            let body = request.method == "POST" ? request.body : nil
            return try exchange.send(request.method, target, request.headers, body).response
        }
    }

    /// - Returns: the address that the browser is sent to when it leaves the server.
    func signIn(_ target: String, loginName: String, password: String) throws -> String {
        let page = try browser.open(target)
        let answer = try browser.submit(
            page, "password", [("loginName", loginName), ("password", password), ("signIn", "1")])
        guard answer.response.status == 302, let end = answer.response.header("Location") else {
            throw Trouble(what: "the form answered \(answer.response.status) \(answer.html.prefix(800))")
        }
        return end
    }

    /// Says yes for a device.
    func approve(device userCode: String, loginName: String, password: String) throws {
        let fields = [("loginName", loginName), ("password", password), ("signIn", "1")]
        try decide(userCode, "password", fields, "id=\"approved\"")
    }

    /// Says no for a device.
    func deny(device userCode: String) throws {
        try decide(userCode, "deny", [("deny", "1")], "id=\"denied\"")
    }

    private func decide(_ code: String, _ formID: String, _ fields: [(String, String)], _ sign: String) throws {
        let answer = try browser.submit(try browser.get("/device?user_code=\(code)"), formID, fields)
        guard answer.html.contains(sign) else { throw Trouble(what: "the page answered \(answer.html.prefix(800))") }
    }
}
