import Encodings
import HTTP
import Model
import OAuth
import Provider

/// What browsers come to: the endpoints that redirect, and the pages that people see.
extension Application {
    static let signInPaths = ["/ui/v2/login/login", "/ui/login/login"]
    private static let logoutPath = "/ui/v2/login/logout"
    private static let loggedOutPaths = ["/logout/done", "/ui/login/logout/done", "/ui/v2/login/logout/done"]
    private static let devicePaths = ["/device", "/ui/v2/login/device", "/ui/login/device"]
    static let pagePaths = ["/"] + signInPaths + [logoutPath] + loggedOutPaths + devicePaths + [PageView.stylesheetPath]

    /// A request of a browser with all that pages need.
    struct PageRequest {
        let request: HTTPRequest
        let oauth: OAuthRequest
        let browser: UserAgent
        /// Headers that make a new browser come back as the same.
        let cookie: [(name: String, value: String)]
        /// Whether the browser sent the cookie.
        let isKnown: Bool

        /// Who the test says to be.
        var loginAs: String? { request.header("mock-login-as") }
        func value(_ name: String) -> String { oauth.form.last(name) ?? "" }
    }

    private func pageRequest(_ request: HTTPRequest, _ oauth: OAuthRequest) -> PageRequest {
        let isSecure = oauth.issuer.hasPrefix("https:")
        if let browser = UserAgentCookie.browser(request, isSecure: isSecure) {
            return PageRequest(request: request, oauth: oauth, browser: browser, cookie: [], isKnown: true)
        }
        let (browser, cookie) = UserAgentCookie.make(instance.dependencies.randomBytes, isSecure: isSecure)
        return PageRequest(request: request, oauth: oauth, browser: browser, cookie: [cookie], isKnown: false)
    }

    // MARK: Endpoints

    func authorize(
        _ request: HTTPRequest, _ oauth: OAuthRequest, _ entry: inout RequestLog.Entry
    ) throws -> HTTPResponse {
        let pageRequest = pageRequest(request, oauth)
        let accepted = try AuthorizeEndpoint(instance).authorize(oauth)
        entry.client = accepted.request.clientID
        entry.warnings = accepted.warnings
        var response: HTTPResponse
        let step =
            pageRequest.loginAs == nil
            ? nil : try SignIn(instance).open(accepted.request.id, pageRequest.browser, loginAs: pageRequest.loginAs)
        switch step {
        case .ended(let end)?: response = self.response(end, request, &entry)
        case .page(let page)?:
            // Somebody who may not sign in: the page would say the same.
            entry.rejection = page.problem?.rejection
            response = redirect(to: accepted.signInPath, request)
        case nil: response = redirect(to: accepted.signInPath, request)
        }
        response.headers += pageRequest.cookie
        return response
    }

    func endSession(
        _ request: HTTPRequest, _ oauth: OAuthRequest, _ entry: inout RequestLog.Entry
    ) throws -> HTTPResponse {
        let pageRequest = pageRequest(request, oauth)
        let result = try EndSessionEndpoint(instance).endSession(oauth, pageRequest.isKnown ? pageRequest.browser : nil)
        entry.client = result.clientID.isEmpty ? nil : result.clientID
        backChannelLogout.send(result.notices)
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
        entry.rejection = end.rejection
        return response(end.answer, request)
    }

    /// The app's answer, by redirect or by form.
    private func response(_ answer: Callback.Answer, _ request: HTTPRequest) -> HTTPResponse {
        switch answer {
        case .redirect(let location): redirect(to: location, request)
        case .form(let action, let fields): FormPostView(action: action, fields: fields).view.response
        }
    }

    /// Tells an app of a rejection, as RFC 6749 section 4.1.2.1 asks.
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
        let pageRequest = pageRequest(request, oauth)
        var response: HTTPResponse
        if request.method == "POST", !isGenuine(pageRequest) {
            let what =
                pageRequest.isKnown
                ? "the field csrf is not the one that the page gave to this browser"
                : "the browser did not send the cookie that came with the page; page and form must be at the same host name"
            let problem = LoginProblem("This form is not from here", .formForged, what)
            entry.rejection = problem.rejection
            response = PageView.rejection(problem, status: 403).response
        } else if Self.signInPaths.contains(request.path) {
            response = try signIn(pageRequest, &entry)
        } else if Self.devicePaths.contains(request.path) {
            response = try device(pageRequest, &entry)
        } else if request.path == Self.logoutPath {
            response = try logout(pageRequest)
        } else if request.path == "/" {
            response = StartView(resources: instance.resourceIndex.resources, issuer: oauth.issuer).view.response
        } else {
            response = signedOut
        }
        response.headers += pageRequest.cookie
        return response
    }

    private func isGenuine(_ pageRequest: PageRequest) -> Bool {
        pageRequest.isKnown && pageRequest.browser.isRight(formToken: pageRequest.value("csrf"))
    }

    /// What somebody does at a page.
    private enum Action {
        case open, deny
        case prove(Credential)
    }

    private func action(_ pageRequest: PageRequest) -> Action {
        guard pageRequest.request.method == "POST" else { return .open }
        if pageRequest.value("deny") == "1" { return .deny }
        if !pageRequest.value("session").isEmpty { return .prove(.session(id: pageRequest.value("session"))) }
        if !pageRequest.value("person").isEmpty { return .prove(.person(userID: pageRequest.value("person"))) }
        return .prove(
            .password(loginName: pageRequest.value("loginName"), password: Secret(pageRequest.value("password"))))
    }

    private func signIn(_ pageRequest: PageRequest, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        let signIn = SignIn(instance)
        let named = pageRequest.value("authRequest")
        let id = named.isEmpty ? pageRequest.value("authRequestID") : named
        let step =
            switch action(pageRequest) {
            case .open: try signIn.open(id, pageRequest.browser, loginAs: pageRequest.loginAs)
            case .deny: try signIn.deny(id)
            case .prove(let credential): try signIn.submit(id, pageRequest.browser, credential)
            }
        switch step {
        case nil:
            let what =
                id.isEmpty
                ? "the parameter authRequest is missing; begin at /oauth/v2/authorize"
                : "the authorization request was answered before, or is too old; go back to the app and begin again"
            let problem = LoginProblem("This sign-in is over", .authRequestUnknown, what)
            entry.rejection = problem.rejection
            return PageView.rejection(problem, status: 404).response
        case .page(let page)?:
            entry.client = page.request.clientID
            entry.rejection = page.problem?.rejection
            return SignInView(page: page, path: pageRequest.request.path, formToken: pageRequest.browser.formToken).view
                .response
        case .ended(let end)?: return response(end, pageRequest.request, &entry)
        }
    }

    private func device(_ pageRequest: PageRequest, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        let device = DeviceVerification(instance)
        let code = pageRequest.value("user_code")
        let step =
            switch action(pageRequest) {
            case .open: try device.open(code, pageRequest.browser, loginAs: pageRequest.loginAs)
            case .deny: try device.deny(code)
            case .prove(let credential): try device.submit(code, pageRequest.browser, credential)
            }
        switch step {
        case .enterCode(let problem): entry.rejection = problem?.rejection
        case .decide(let page): entry.rejection = page.problem?.rejection
        case .decided(_, let user): entry.user = user?.userName
        }
        return DeviceView(step: step, path: pageRequest.request.path, formToken: pageRequest.browser.formToken).view
            .response
    }

    private func logout(_ pageRequest: PageRequest) throws -> HTTPResponse {
        let endpoint = EndSessionEndpoint(instance)
        let token = pageRequest.value("logout_token")
        if pageRequest.request.method == "POST" {
            let sessionID = pageRequest.value("session")
            if !sessionID.isEmpty || pageRequest.value("all") == "1" {
                backChannelLogout.send(
                    try endpoint.signOut(
                        pageRequest.browser, sessionID: sessionID.isEmpty ? nil : sessionID,
                        issuer: pageRequest.oauth.issuer))
            }
            return redirect(to: try endpoint.target(logoutToken: token), pageRequest.request)
        }
        let accounts = try endpoint.accounts(of: pageRequest.browser)
        guard !accounts.isEmpty else {
            return redirect(to: try endpoint.target(logoutToken: token), pageRequest.request)
        }
        return LogoutView(
            accounts: accounts, path: pageRequest.request.path, logoutToken: token,
            formToken: pageRequest.browser.formToken
        ).view.response
    }

    private var signedOut: HTTPResponse {
        PageView.message("Signed out", "<p id=\"signedOut\">You can close this page.</p>").response
    }
}
