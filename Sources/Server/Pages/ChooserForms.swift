import Provider

/// The forms with which a user says who they are.
///
/// Names of forms, fields and buttons are a contract that tests of other projects rely on; `docs/sign-in.md` lists them.
struct ChooserForms {
    /// Where the forms are sent.
    let action: String
    /// The field that names the request, which each form carries.
    let request: (name: String, value: String)
    let csrf: CSRFToken
    /// What pressing a user's button does, such as "Continue as".
    let verb: String
    let chooser: LoginChooser

    var html: HTML { "\(sessions)\(filter)\(people)\(password)" }

    func deny(_ label: String) -> HTML {
        form("deny", "<button class=\"deny\" name=\"deny\" value=\"1\">\(label)</button>\n")
    }

    private func form(_ id: String, _ content: HTML) -> HTML {
        PageLayout.form(id, action: action, hidden: [request, csrf.hiddenField], content)
    }

    private func buttons(_ accounts: [LoginCandidate]) -> HTML {
        HTML(joining: accounts.map { AccountButton(account: $0, verb: verb).html })
    }

    private var sessions: HTML? {
        chooser.signedIn.isEmpty
            ? nil : "<h2>Signed-in accounts</h2>\n\(form("sessions", buttons(chooser.signedIn)))"
    }

    private var usersHeading: HTML {
        chooser.signedIn.isEmpty ? "<h2>Test users</h2>\n" : "<h2>Sign in as somebody else</h2>\n"
    }

    private var filter: HTML? {
        guard chooser.hasFilter else { return chooser.users.isEmpty ? nil : usersHeading }
        return """
            \(usersHeading)<form id="filter" method="get" action="\(action)" role="search">
            \(PageLayout.hiddenFields([request]))<label for="filterField">Filter by name or login name</label>
            <div class="row"><input id="filterField" name="filter" type="search" autocomplete="off" spellcheck="false" value="\(chooser.filter)">
            <button>Filter</button></div>
            </form>

            """
    }

    private var people: HTML? {
        guard !chooser.users.isEmpty else {
            return chooser.filter.isEmpty ? nil : "<p class=\"quiet\" id=\"noMatch\">No user matches.</p>\n"
        }
        let more: HTML? =
            chooser.moreUsers > 0
            ? "<p class=\"quiet\" id=\"moreUsers\">\(String(chooser.moreUsers)) more: filter the list, or sign in with a password.</p>\n"
            : nil
        return "\(form("people", buttons(chooser.users)))\(more)"
    }

    /// Folded where a click on a test user is the shorter way.
    private var password: HTML {
        let isOpen = !chooser.loginName.isEmpty || (chooser.users.isEmpty && chooser.signedIn.isEmpty)
        let start: HTML = isOpen ? "<details open>" : "<details>"
        return """
            \(start)<summary>Sign in with password</summary>
            \(form("password", """
                <label for="loginName">Login name</label>
                <input id="loginName" name="loginName" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required value="\(chooser.loginName)">
                <label for="passwordField">Password</label>
                <input id="passwordField" name="password" type="password" autocomplete="current-password" required>
                <button class="main" name="signIn" value="1">Sign in</button>

                """))</details>

            """
    }
}
