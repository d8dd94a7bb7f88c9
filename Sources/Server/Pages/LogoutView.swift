import Provider

/// `/ui/v2/login/logout`: which account of this browser shall be signed out.
struct LogoutView {
    let accounts: [LoginCandidate]
    let path: String
    let logoutToken: String
    let formToken: String

    var view: PageView {
        let buttons = accounts.map { account -> HTML in
            "<button name=\"session\" value=\"\(account.sessionID ?? "")\">Sign out \(account.displayName)<small>\(account.loginName)</small></button>\n"
        }
        let all: HTML = "<button class=\"main\" name=\"all\" value=\"1\">Sign out all</button>\n"
        let form = PageView.form(
            "logout", action: path, hidden: [("logout_token", logoutToken), ("csrf", formToken)],
            "\(HTML(joining: buttons))\(all)")
        return PageView(title: "Sign out", body: "<h1>Who shall be signed out?</h1>\n\(form)")
    }
}
