import Encodings
import HTTP
import Model
import OAuth
import Provider

/// What browsers come to: the endpoints that redirect, and the pages that people see.
extension Service {
    static let signInPaths = ["/ui/v2/login/login", "/ui/login/login"]
    private static let logoutPath = "/ui/v2/login/logout"
    private static let loggedOutPaths = ["/logout/done", "/ui/login/logout/done", "/ui/v2/login/logout/done"]
    private static let devicePaths = ["/device", "/ui/v2/login/device", "/ui/login/device"]
    static let pagePaths = ["/"] + signInPaths + [logoutPath] + loggedOutPaths + devicePaths + [PageView.stylesheetPath]

    /// A request of a browser with all that pages need.
    struct Visit {
        let request: HTTPRequest
        let oauth: OAuthRequest
        let browser: Browser
        /// Headers that make a new browser come back as the same.
        let cookie: [(name: String, value: String)]
        /// Whether the browser sent the cookie.
        let isKnown: Bool

        /// Who the test says to be.
        var loginAs: String? { request.header("mock-login-as") }
        func value(_ name: String) -> String { oauth.form.last(name) ?? "" }
    }

    private func visit(_ request: HTTPRequest, _ oauth: OAuthRequest) -> Visit {
        let isSecure = oauth.issuer.hasPrefix("https:")
        if let browser = BrowserCookie.browser(request, isSecure: isSecure) {
            return Visit(request: request, oauth: oauth, browser: browser, cookie: [], isKnown: true)
        }
        let (browser, cookie) = BrowserCookie.make(instance.effects.randomBytes, isSecure: isSecure)
        return Visit(request: request, oauth: oauth, browser: browser, cookie: [cookie], isKnown: false)
    }

    // MARK: Endpoints

    func authorize(
        _ request: HTTPRequest, _ oauth: OAuthRequest, _ entry: inout RequestLog.Entry
    ) throws -> HTTPResponse {
        let visit = visit(request, oauth)
        let accepted = try AuthorizeEndpoint(instance).authorize(oauth)
        entry.client = accepted.request.clientID
        entry.warnings = accepted.warnings
        var response: HTTPResponse
        let step =
            visit.loginAs == nil
            ? nil : try SignIn(instance).open(accepted.request.id, visit.browser, loginAs: visit.loginAs)
        switch step {
        case .ended(let end)?: response = self.response(end, request, &entry)
        case .page(let page)?:
            // Somebody who may not sign in: the page would say the same.
            entry.refusal = page.problem?.refusal
            response = redirect(to: accepted.signInPath, request)
        case nil: response = redirect(to: accepted.signInPath, request)
        }
        response.headers += visit.cookie
        return response
    }

    func endSession(
        _ request: HTTPRequest, _ oauth: OAuthRequest, _ entry: inout RequestLog.Entry
    ) throws -> HTTPResponse {
        let visit = visit(request, oauth)
        let result = try EndSessionEndpoint(instance).endSession(oauth, visit.isKnown ? visit.browser : nil)
        entry.client = result.clientID.isEmpty ? nil : result.clientID
        outbox.send(result.notices)
        return redirect(to: result.location, request)
    }

    /// The answer of `http.Redirect` in Go: browsers that do not follow get a link, if they came by GET.
    func redirect(to location: String, _ request: HTTPRequest) -> HTTPResponse {
        let location = PercentEncoding.escapingUnprintable(location)
        var headers = headers.filter { $0.name != "Content-Type" }
        headers.append(("Location", location))
        let isGet = request.method == "GET"
        if isGet || request.method == "HEAD" { headers.append(("Content-Type", "text/html; charset=utf-8")) }
        let body = isGet ? "<a href=\"\(HTML.escaped(location))\">Found</a>.\n\n" : ""
        return HTTPResponse(status: 302, headers: headers, body: Array(body.utf8))
    }

    private func response(
        _ end: SignIn.End, _ request: HTTPRequest, _ entry: inout RequestLog.Entry
    ) -> HTTPResponse {
        entry.client = end.clientID
        entry.user = end.userName
        entry.refusal = end.refusal
        return response(end.answer, request)
    }

    /// The app's answer, by redirect or by form.
    private func response(_ answer: Callback.Answer, _ request: HTTPRequest) -> HTTPResponse {
        switch answer {
        case .redirect(let location): redirect(to: location, request)
        case .form(let action, let fields): FormPostView(action: action, fields: fields).view.response
        }
    }

    /// Tells an app of a refusal, as RFC 6749 section 4.1.2.1 asks.
    func response(_ callback: Callback, error: String, _ description: String?, _ request: HTTPRequest) -> HTTPResponse {
        response(callback.error(error, description), request)
    }

    // MARK: Pages

    func page(_ request: HTTPRequest, _ oauth: OAuthRequest, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        if request.path == PageView.stylesheetPath {
            return HTTPResponse(
                status: 200,
                headers: [
                    ("Content-Type", "text/css; charset=utf-8"), ("Cache-Control", "max-age=3600"),
                    ("X-Content-Type-Options", "nosniff"),
                ], body: Array(stylesheet.utf8))
        }
        guard ["GET", "POST"].contains(request.method) else {
            // Opening the page can answer the app, and only a person should do that.
            return HTTPResponse(status: 405, headers: [("Allow", "GET, POST"), ("Cache-Control", "no-store")])
        }
        let visit = visit(request, oauth)
        var response: HTTPResponse
        if request.method == "POST", !isGenuine(visit) {
            let what =
                visit.isKnown
                ? "the field csrf is not the one that the page gave to this browser"
                : "the browser did not send the cookie that came with the page; page and form must be at the same host name"
            let problem = LoginProblem("This form is not from here", .formForged, what)
            entry.refusal = problem.refusal
            response = PageView.refusal(problem, status: 403).response
        } else if Self.signInPaths.contains(request.path) {
            response = try signIn(visit, &entry)
        } else if Self.devicePaths.contains(request.path) {
            response = try device(visit, &entry)
        } else if request.path == Self.logoutPath {
            response = try logout(visit)
        } else if request.path == "/" {
            response = StartView(resources: instance.directory.resources, issuer: oauth.issuer).view.response
        } else {
            response = signedOut
        }
        response.headers += visit.cookie
        return response
    }

    private func isGenuine(_ visit: Visit) -> Bool {
        visit.isKnown && visit.browser.isRight(formToken: visit.value("csrf"))
    }

    /// What somebody does at a page.
    private enum Action {
        case open, deny
        case prove(Credential)
    }

    private func action(_ visit: Visit) -> Action {
        guard visit.request.method == "POST" else { return .open }
        if visit.value("deny") == "1" { return .deny }
        if !visit.value("session").isEmpty { return .prove(.session(id: visit.value("session"))) }
        if !visit.value("person").isEmpty { return .prove(.person(userID: visit.value("person"))) }
        return .prove(.password(loginName: visit.value("loginName"), password: Secret(visit.value("password"))))
    }

    private func signIn(_ visit: Visit, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        let signIn = SignIn(instance)
        let named = visit.value("authRequest")
        let id = named.isEmpty ? visit.value("authRequestID") : named
        let step =
            switch action(visit) {
            case .open: try signIn.open(id, visit.browser, loginAs: visit.loginAs)
            case .deny: try signIn.deny(id)
            case .prove(let credential): try signIn.submit(id, visit.browser, credential)
            }
        switch step {
        case nil:
            let what =
                id.isEmpty
                ? "the parameter authRequest is missing; begin at /oauth/v2/authorize"
                : "the authorization request was answered before, or is too old; go back to the app and begin again"
            let problem = LoginProblem("This sign-in is over", .authRequestUnknown, what)
            entry.refusal = problem.refusal
            return PageView.refusal(problem, status: 404).response
        case .page(let page)?:
            entry.client = page.request.clientID
            entry.refusal = page.problem?.refusal
            return SignInView(page: page, path: visit.request.path, formToken: visit.browser.formToken).view.response
        case .ended(let end)?: return response(end, visit.request, &entry)
        }
    }

    private func device(_ visit: Visit, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        let device = DeviceVerification(instance)
        let code = visit.value("user_code")
        let step =
            switch action(visit) {
            case .open: try device.open(code, visit.browser, loginAs: visit.loginAs)
            case .deny: try device.deny(code)
            case .prove(let credential): try device.submit(code, visit.browser, credential)
            }
        switch step {
        case .enterCode(let problem): entry.refusal = problem?.refusal
        case .decide(let page): entry.refusal = page.problem?.refusal
        case .decided(_, let user): entry.user = user?.userName
        }
        return DeviceView(step: step, path: visit.request.path, formToken: visit.browser.formToken).view.response
    }

    private func logout(_ visit: Visit) throws -> HTTPResponse {
        let endpoint = EndSessionEndpoint(instance)
        let token = visit.value("logout_token")
        if visit.request.method == "POST" {
            let sessionID = visit.value("session")
            if !sessionID.isEmpty || visit.value("all") == "1" {
                outbox.send(
                    try endpoint.signOut(
                        visit.browser, sessionID: sessionID.isEmpty ? nil : sessionID, issuer: visit.oauth.issuer))
            }
            return redirect(to: try endpoint.target(logoutToken: token), visit.request)
        }
        let accounts = try endpoint.accounts(of: visit.browser)
        guard !accounts.isEmpty else { return redirect(to: try endpoint.target(logoutToken: token), visit.request) }
        return LogoutView(
            accounts: accounts, path: visit.request.path, logoutToken: token, formToken: visit.browser.formToken
        ).view.response
    }

    private var signedOut: HTTPResponse {
        PageView.message("Signed out", "<p id=\"signedOut\">You can close this page.</p>").response
    }
}
