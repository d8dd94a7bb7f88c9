import Encodings
import HTTP
import Model
import OAuth
import Provider

/// What browsers open: the endpoints that redirect, and the pages that users see.
extension Application {
    /// A request of a browser with all that pages need.
    struct PageRequest {
        let exchange: Exchange
        let context: RequestContext
        let browser: UserAgent
        /// Headers that make a new browser come back as the same.
        let cookie: [(name: String, value: String)]
        /// Whether the browser sent the cookie.
        let isKnown: Bool

        var request: HTTPRequest { exchange.request }
        /// The user whom a test signs in as.
        var loginAs: String? { request.header(Application.loginAsField) }
        func value(_ name: String) -> String { context.form.last(name) ?? "" }
    }

    private func pageRequest(_ exchange: Exchange, _ context: RequestContext) -> PageRequest {
        let isSecure = context.issuer.hasPrefix("https:")
        if let browser = UserAgentCookie.browser(exchange.request, isSecure: isSecure) {
            return PageRequest(exchange: exchange, context: context, browser: browser, cookie: [], isKnown: true)
        }
        let (browser, cookie) = UserAgentCookie.make(instance.dependencies.randomBytes, isSecure: isSecure)
        return PageRequest(exchange: exchange, context: context, browser: browser, cookie: [cookie], isKnown: false)
    }

    /// After somebody proved who they are, the browser gets a new cookie and its sessions move there: a cookie that was planted in it opens nothing
    /// (session fixation).
    private func renewed(_ page: PageRequest) throws -> (page: PageRequest, cookie: [(name: String, value: String)]) {
        guard page.isKnown, page.exchange.trace.hasNewSession else { return (page, []) }
        let (browser, cookie) = UserAgentCookie.make(
            instance.dependencies.randomBytes, isSecure: page.context.issuer.hasPrefix("https:"),
            succeeding: page.browser)
        try page.context.moveSessions(of: page.browser, to: browser)
        let renewed = PageRequest(
            exchange: page.exchange, context: page.context, browser: browser, cookie: [], isKnown: true)
        return (renewed, [cookie])
    }

    // MARK: Endpoints

    func authorize(_ exchange: Exchange, _ context: RequestContext) throws -> HTTPResponse {
        let page = pageRequest(exchange, context)
        let accepted = try AuthorizeEndpoint(context).authorize()
        var response: HTTPResponse
        let step =
            page.loginAs == nil
            ? nil : try SignIn(context).open(accepted.request.id, page.browser, loginAs: page.loginAs)
        switch step {
        case .ended(let end)?: response = self.response(end, exchange)
        case .page(let shown)?:
            // A user who may not sign in: the page would say the same.
            exchange.trace.rejection = shown.problem?.rejection
            response = redirect(to: accepted.signInPath, exchange)
        case nil: response = redirect(to: accepted.signInPath, exchange)
        }
        response.headers += page.cookie + (try renewed(page).cookie)
        return response
    }

    func endSession(_ exchange: Exchange, _ context: RequestContext) throws -> HTTPResponse {
        let page = pageRequest(exchange, context)
        return response(try EndSessionEndpoint(context).endSession(page.isKnown ? page.browser : nil), exchange)
    }

    /// The answer of `http.Redirect` in Go: browsers that do not follow get a link, if they came by GET.
    func redirect(to location: String, _ exchange: Exchange) -> HTTPResponse {
        let location = PercentEncoding.escapingUnprintable(location)
        var headers = headers(exchange).filter { $0.name != "Content-Type" }
        headers.append(("Location", location))
        let isGet = exchange.request.method == "GET"
        if isGet || exchange.request.method == "HEAD" { headers.append(("Content-Type", "text/html; charset=utf-8")) }
        let body = isGet ? "<a href=\"\(HTML.escaped(location))\">Found</a>.\n\n" : ""
        return HTTPResponse(status: 302, headers: headers, body: Array(body.utf8))
    }

    private func response(_ end: SignIn.End, _ exchange: Exchange) -> HTTPResponse {
        exchange.trace.client = end.clientID
        exchange.trace.rejection = end.rejection
        return response(end.answer, exchange)
    }

    /// The app's answer, by redirect or by form.
    func response(_ answer: Callback.Answer, _ exchange: Exchange) -> HTTPResponse {
        switch answer {
        case .redirect(let location): redirect(to: location, exchange)
        case .form(let action, let fields): FormPostView(action: action, fields: fields).view.response
        }
    }

    // MARK: Pages

    /// A page, once it is clear whose browser it is, and that a form was issued to that browser.
    func page(
        _ exchange: Exchange, _ context: RequestContext,
        _ show: (Application, PageRequest) throws -> HTTPResponse
    ) throws -> HTTPResponse {
        let page = pageRequest(exchange, context)
        var response: HTTPResponse
        if exchange.request.method == "POST", let problem = CSRFToken.problem(page) {
            exchange.trace.rejection = problem.rejection
            response = PageLayout.rejection(problem, status: 403).response
        } else {
            response = try show(self, page)
        }
        response.headers += page.cookie
        return response
    }

    func start(_ page: PageRequest) -> HTTPResponse {
        StartView(
            resourceIndex: page.exchange.snapshot.resources, issuer: page.context.issuer,
            hasControlAPI: options.control?.hasOwnPort == false
        ).view.response
    }

    /// ZITADEL redirects from the short path of the device page to the page's own.
    func deviceRedirect(_ exchange: Exchange) -> HTTPResponse {
        let request = exchange.request
        let query = request.query.isEmpty ? "" : "?" + String(repairing: request.query)
        let response = redirect(to: PagePath.deviceV1 + query, exchange)
        return HTTPResponse(
            status: response.status,
            headers: response.headers.filter { ["Location", "Content-Type"].contains($0.name) },
            body: response.body)
    }

    /// What a user does at a page.
    private enum Action {
        case open, deny
        case prove(Credential)
    }

    private func action(_ page: PageRequest) -> Action {
        guard page.request.method == "POST" else { return .open }
        if let deny = page.context.form.last("deny"), deny != "0" { return .deny }
        if !page.value("session").isEmpty { return .prove(.session(id: page.value("session"))) }
        for name in ["user", "person"] where !page.value(name).isEmpty {
            return .prove(.user(userID: page.value(name)))
        }
        return .prove(
            .password(loginName: page.value("loginName"), password: Secret(page.value("password"))))
    }

    func signIn(_ page: PageRequest) throws -> HTTPResponse {
        let trace = page.exchange.trace
        let signIn = SignIn(page.context)
        let named = page.value("authRequest")
        let id = named.isEmpty ? page.value("authRequestID") : named
        let step =
            switch action(page) {
            case .open: try signIn.open(id, page.browser, loginAs: page.loginAs, filter: page.value("filter"))
            case .deny: try signIn.deny(id)
            case .prove(let credential): try signIn.submit(id, page.browser, credential)
            }
        let (current, cookie) = try renewed(page)
        var response: HTTPResponse
        switch step {
        case nil:
            let what =
                id.isEmpty
                ? "the parameter authRequest is missing; start at /oauth/v2/authorize"
                : "the authorization request was answered before, or is too old; go back to the app and start again"
            let problem = LoginProblem("This sign-in request has expired", .authRequestUnknown, what)
            trace.rejection = problem.rejection
            response = PageLayout.rejection(problem, status: 404).response
        case .page(let shown)?:
            trace.client = shown.request.clientID
            trace.rejection = shown.problem?.rejection
            response =
                SignInView(page: shown, path: page.request.path, csrf: CSRFToken(of: current.browser)).view.response
        case .ended(let end)?: response = self.response(end, page.exchange)
        }
        response.headers += cookie
        return response
    }

    func device(_ page: PageRequest) throws -> HTTPResponse {
        let trace = page.exchange.trace
        let device = DeviceVerification(page.context)
        let code = page.value("user_code")
        let step =
            switch action(page) {
            case .open: try device.open(code, page.browser, loginAs: page.loginAs, filter: page.value("filter"))
            case .deny: try device.deny(code)
            case .prove(let credential): try device.submit(code, page.browser, credential)
            }
        switch step {
        case .enterCode(let problem): trace.rejection = problem?.rejection
        case .decide(let shown): trace.rejection = shown.problem?.rejection
        case .decided: break
        }
        let (current, cookie) = try renewed(page)
        var response = DeviceView(step: step, path: page.request.path, csrf: CSRFToken(of: current.browser)).view
            .response
        response.headers += cookie
        return response
    }

    func logout(_ page: PageRequest) throws -> HTTPResponse {
        let endpoint = EndSessionEndpoint(page.context)
        let token = page.value("logout_token")
        if page.request.method == "POST" {
            let sessionID = page.value("session")
            if !sessionID.isEmpty || page.value("all") == "1" {
                backChannelLogout.send(
                    try endpoint.signOut(
                        page.browser, sessionID: sessionID.isEmpty ? nil : sessionID))
            }
            return redirect(to: try endpoint.target(logoutToken: token), page.exchange)
        }
        let accounts = try endpoint.accounts(of: page.browser)
        guard !accounts.isEmpty else {
            return redirect(to: try endpoint.target(logoutToken: token), page.exchange)
        }
        return LogoutView(
            accounts: accounts, path: page.request.path, logoutToken: token, csrf: CSRFToken(of: page.browser)
        ).view.response
    }

    var signedOut: HTTPResponse {
        PageLayout.message("Signed out", "<p id=\"signedOut\">You are signed out. You can close this page.</p>")
            .response
    }
}
