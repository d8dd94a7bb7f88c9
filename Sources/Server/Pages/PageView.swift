import HTTP
import JOSE
import Provider

/// What all pages have in common: the frame, and the forms by which people say who they are.
struct PageView {
    let title: String
    let body: HTML
    var status = 200
    /// The hash of the one script that the page may run; nil for none.
    var scriptHash: String?

    static let stylesheetPath = "/ui/style.css"

    var html: HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>\(title)</title>
        <link rel="stylesheet" href="\(Self.stylesheetPath)">
        </head>
        <body>
        <main>
        \(body)
        </main>
        <footer>mock-zitadel, a test double. Use no real password here.</footer>
        </body>
        </html>

        """
    }

    /// No `form-action`: browsers apply it to the redirects behind a form too, and those lead to apps anywhere.
    var headers: [(name: String, value: String)] {
        let script = scriptHash.map { "; script-src '\($0)'" } ?? ""
        return [
            ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'\(script); base-uri 'none'; frame-ancestors 'none'"
            ),
            ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin"),
        ]
    }

    var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: Array(html.text.utf8)) }

    /// A page that only says something.
    static func message(_ title: String, _ text: HTML, status: Int = 200) -> PageView {
        PageView(title: title, body: "<h1>\(title)</h1>\n\(text)", status: status)
    }

    /// A page for what cannot go on.
    static func rejection(_ problem: LoginProblem, status: Int) -> PageView {
        PageView(
            title: "Error: \(problem.text)", body: "<h1>mock-zitadel</h1>\n\(Self.problem(problem))", status: status)
    }

    /// A form that is posted.
    /// - Parameter hidden: fields that it carries besides what it shows.
    static func form(
        _ id: String, action: String, hidden: [(name: String, value: String)], _ content: HTML
    ) -> HTML {
        let fields = HTML(
            joining: hidden.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">\n" as HTML })
        return "<form id=\"\(id)\" method=\"post\" action=\"\(action)\">\n\(fields)\(content)</form>\n"
    }

    /// What went wrong in ZITADEL's words, and why it did, which ZITADEL would not say.
    static func problem(_ problem: LoginProblem?) -> HTML? {
        problem.map {
            "<p class=\"problem\" role=\"alert\" id=\"problem\">\($0.text)</p>\n<p class=\"quiet\" id=\"reason\">\($0.rejection.detail)</p>\n"
        }
    }
}

/// The forms of a page at which people say who they are.
///
/// Names of forms, fields and buttons are a contract that tests of other projects rely on; the README has it.
struct PersonForms {
    /// Where the forms are sent.
    let action: String
    /// What each form carries: the request and the token against forgery.
    let hidden: [(name: String, value: String)]
    /// What pressing a person's button does, such as "Continue as".
    let verb: String
    let signedIn: [LoginCandidate]
    let people: [LoginCandidate]
    let loginName: String

    /// People beyond these sign in by name; a page of a thousand buttons helps nobody.
    private static let buttonLimit = 50

    private func form(_ id: String, _ content: HTML) -> HTML {
        PageView.form(id, action: action, hidden: hidden, content)
    }

    var html: HTML {
        let sessions = signedIn.map { account -> HTML in
            "<button name=\"session\" value=\"\(account.sessionID ?? "")\">\(verb) \(account.displayName)<small>\(account.loginName), signed in</small></button>\n"
        }
        let buttons = people.prefix(Self.buttonLimit).map { person -> HTML in
            let name: HTML = "name=\"person\" value=\"\(person.userID)\""
            return person.state.map {
                "<button class=\"off\" \(name)>\(verb) \(person.displayName)<small>\(person.loginName), \($0)</small></button>\n"
            } ?? "<button \(name)>\(verb) \(person.displayName)<small>\(person.loginName)</small></button>\n"
        }
        let hint: HTML =
            people.count > Self.buttonLimit
            ? "<p class=\"quiet\">\(String(people.count - Self.buttonLimit)) more can sign in by name.</p>\n" : ""
        let known: HTML? =
            sessions.isEmpty
            ? nil : "<h2>Signed in with this browser</h2>\n\(form("sessions", HTML(joining: sessions)))"
        let seeded: HTML? =
            buttons.isEmpty
            ? nil : "<h2>People of the seed</h2>\n\(form("people", HTML(joining: buttons)))\(hint)"
        return "\(known)\(seeded)<h2>Sign in by name</h2>\n\(password)"
    }

    private var password: HTML {
        form(
            "password",
            """
            <label for="loginName">Login name</label>
            <input id="loginName" name="loginName" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required value="\(loginName)">
            <label for="passwordField">Password</label>
            <input id="passwordField" name="password" type="password" autocomplete="current-password" required>
            <button class="main" name="signIn" value="1">Sign in</button>

            """)
    }

    var deny: HTML { form("deny", "<button class=\"deny\" name=\"deny\" value=\"1\">Deny</button>\n") }
}
