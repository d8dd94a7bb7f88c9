import Provider

/// `/ui/v2/login/login` and `/ui/login/login`.
struct SignInView {
    let page: SignIn.Page
    let path: String
    let formToken: String

    var view: PageView {
        let request = page.request
        let forms = PersonForms(
            action: path, hidden: [("authRequest", request.id), ("csrf", formToken)], verb: "Continue as",
            signedIn: page.signedIn, people: page.people, loginName: page.loginName)
        let create: HTML? =
            page.asksToCreate
            ? "<p id=\"create\">The app asks to create an account. Accounts come from the seed: add a user of type human there, or continue as one of these.</p>\n"
            : nil
        let providers: HTML? =
            page.identityProviders.isEmpty
            ? nil
            : "<p id=\"identityProvider\">The app asks for the identity provider \(page.identityProviders.joined(separator: ", ")). There is none behind this server; sign in here instead.</p>\n"
        let organizations: HTML? =
            page.organizations.isEmpty
            ? nil
            : "<p id=\"organization\">The app asks for people of: \(page.organizations.joined(separator: ", ")).</p>\n"
        let problem = PageView.problem(page.problem)
        let prefix = page.problem == nil ? "" : "Error: "
        return PageView(
            title: "\(prefix)Sign in to \(page.appName)",
            body: """
                <h1>Sign in to \(page.appName)</h1>
                \(problem)\(create)\(providers)\(organizations)\(forms.html)\(forms.deny)
                <p class="quiet">The app asked for: \(request.scopes.isEmpty ? "nothing" : request.scopes.joined(separator: " "))</p>
                """)
    }
}
