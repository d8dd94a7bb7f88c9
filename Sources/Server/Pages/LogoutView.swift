import Provider

/// `/ui/v2/login/logout`: asks which account of this browser to sign out.
struct LogoutView {
    let accounts: [LoginCandidate]
    let path: String
    let logoutToken: String
    let csrf: CSRFToken

    var view: PageLayout {
        let isOnly = accounts.count == 1
        let buttons = accounts.map { AccountButton(account: $0, verb: "Sign out", isMain: isOnly).html }
        let all: HTML? = isOnly ? nil : "<button class=\"main\" name=\"all\" value=\"1\">Sign out all</button>\n"
        let form = PageLayout.form(
            "logout", action: path, hidden: [("logout_token", logoutToken), csrf.hiddenField],
            "\(HTML(joining: buttons))\(all)")
        return PageLayout(title: "Sign out", body: "<h1>Sign out</h1>\n\(form)")
    }
}
