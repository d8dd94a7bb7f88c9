import HTTP
import Provider

/// The frame that all pages share.
struct PageLayout {
    /// How wide the content is.
    enum Width: String {
        case card, wide
    }

    let title: String
    let body: HTML
    var status = 200
    var width = Width.card
    /// The hash of the one script that the page may run; nil for none.
    var scriptHash: String?
    /// All styles, for a page that loads nothing; nil for the stylesheet.
    var inlineStyle: String?

    private var links: HTML {
        // A stylesheet is not text of a page: nothing in it is escaped.
        if let inlineStyle { return HTML(stringLiteral: "<style>\(inlineStyle)</style>") }
        return """
            <link rel="icon" href="\(PageAsset.icon.path)" type="\(PageAsset.icon.contentType)">
            <link rel="stylesheet" href="\(PageAsset.stylesheet.path)">
            """
    }

    var html: HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>\(title)</title>
        \(links)
        </head>
        <body class="\(width.rawValue)">
        <main>
        \(body)
        </main>
        <footer>mock-zitadel, a test double. Don&#39;t enter real passwords.</footer>
        </body>
        </html>

        """
    }

    /// No `form-action`: browsers apply it to the redirects that follow a form too, and those lead to apps anywhere.
    var headers: [(name: String, value: String)] {
        let script = scriptHash.map { "; script-src '\($0)'" } ?? ""
        return [
            ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
            (
                "Content-Security-Policy",
                "default-src 'none'; img-src 'self'; style-src '\(inlineStyle == nil ? "self" : "unsafe-inline")'\(script); base-uri 'none'; frame-ancestors 'none'"
            ),
            ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin"),
        ]
    }

    var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: Array(html.text.utf8)) }

    /// A page that only says something.
    static func message(_ title: String, _ text: HTML, status: Int = 200) -> PageLayout {
        PageLayout(title: title, body: "<h1>\(title)</h1>\n\(text)", status: status)
    }

    /// A page for a request that cannot continue.
    static func rejection(_ problem: LoginProblem, status: Int) -> PageLayout {
        PageLayout(
            title: "Error: \(problem.text)", body: "<h1>mock-zitadel</h1>\n\(Self.problem(problem))", status: status)
    }

    /// A form that is posted.
    /// - Parameter hidden: fields that it carries besides the visible ones.
    static func form(
        _ id: String, action: String, hidden: [(name: String, value: String)], _ content: HTML
    ) -> HTML {
        "<form id=\"\(id)\" method=\"post\" action=\"\(action)\">\n\(hiddenFields(hidden))\(content)</form>\n"
    }

    static func hiddenFields(_ fields: [(name: String, value: String)]) -> HTML {
        HTML(joining: fields.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">\n" as HTML })
    }

    /// What went wrong in ZITADEL's words, and the cause, which ZITADEL would not reveal.
    static func problem(_ problem: LoginProblem?) -> HTML? {
        problem.map {
            "<p class=\"problem\" role=\"alert\" id=\"problem\">\($0.text)</p>\n<p class=\"quiet\" id=\"reason\">\($0.rejection.detail)</p>\n"
        }
    }

    /// A line of scopes; "none" without any.
    static func scopes(_ scopes: [String]) -> HTML {
        "<p class=\"quiet\">Scopes: \(scopes.isEmpty ? "none" : scopes.joined(separator: " "))</p>"
    }
}
