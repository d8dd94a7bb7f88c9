import Provider

/// `/ui/v2/login/logout`: which account of this browser shall be signed out.
struct LogoutView {
    let accounts: [Account]
    let path: String
    let logoutToken: String
    let formToken: String

    var view: PageView {
        let hidden = [("logout_token", logoutToken), ("csrf", formToken)]
        let fields = HTML(
            joining: hidden.map { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">\n" as HTML })
        let buttons = accounts.map { account -> HTML in
            "<button name=\"session\" value=\"\(account.sessionID ?? "")\">Sign out \(account.displayName)<small>\(account.loginName)</small></button>\n"
        }
        let all: HTML = "<button class=\"main\" name=\"all\" value=\"1\">Sign out all</button>\n"
        return PageView(
            title: "Sign out",
            body: """
                <h1>Who shall be signed out?</h1>
                <form id="logout" method="post" action="\(path)">
                \(fields)\(HTML(joining: buttons))\(all)</form>
                """)
    }
}
