import Encodings
import HTTP
import Provider

/// The token against cross-site request forgery: each form carries it in a field, and its browser has the cookie that it is derived from.
struct CSRFToken {
    private static let field = "csrf"

    private let text: String

    init(of browser: UserAgent) {
        text = browser.csrfToken
    }

    /// The field that forms carry.
    var hiddenField: (name: String, value: String) { (Self.field, text) }

    /// Why a form is not accepted; nil for one that was issued to the browser that sent it.
    static func problem(_ page: Application.PageRequest) -> LoginProblem? {
        let title = "This form was not issued to this browser"
        guard page.isKnown else {
            return LoginProblem(
                title, .formForged,
                "the browser did not send the cookie that came with the page; page and form must use the same host name"
            )
        }
        guard page.browser.accepts(csrfToken: page.value(field)) else {
            return LoginProblem(
                title, .formForged, "the field csrf is not the one that the page gave to this browser")
        }
        return foreignPage(page).map {
            LoginProblem(title, .formForged, "\($0); only the server's own page may send it")
        }
    }

    /// What shows that another page sent a form, such as one of another port of localhost, with which cookies are shared; nil for nothing.
    private static func foreignPage(_ page: Application.PageRequest) -> String? {
        let request = page.request
        if let site = request.header("sec-fetch-site") {
            return ["same-origin", "none"].contains(site) ? nil : "Sec-Fetch-Site is \"\(site.prefix(40))\""
        }
        let host = GoURL(page.context.issuer)?.host ?? ""
        let foreign = request.allValues(of: "origin").first { origin in
            GoURL(origin)?.host.hasSameBytes(as: host) != true
                && !CORS.isOwn(origin, request, page.exchange.snapshot.resources)
        }
        return foreign.map { "the origin is \"\($0.prefix(200))\"" }
    }
}
