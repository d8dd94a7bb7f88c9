import Model
import Provider

/// `/ui/v2/login/login` and `/ui/login/login`.
struct SignInView {
    let page: SignIn.Page
    let path: String
    let csrf: CSRFToken

    var view: PageLayout {
        let forms = ChooserForms(
            action: path, request: ("authRequest", page.request.id), csrf: csrf, verb: "Continue as",
            chooser: page.chooser)
        return PageLayout(
            title: (page.problem == nil ? "" : "Error: ") + "Sign in to \(page.appName)",
            body: """
                <h1>Sign in to \(page.appName)</h1>
                <p class="quiet">Project \(page.projectName) of \(page.organizationName)</p>
                \(PageLayout.problem(page.problem))\(notes)\(forms.html)\(forms.deny("Cancel"))\
                \(PageLayout.scopes(page.request.scopes))
                """)
    }

    /// What the app asked for that this server does differently.
    private var notes: HTML {
        let create: HTML? =
            page.asksToCreate
            ? "<p id=\"create\">The app asks to create an account. Accounts come from the seed: add a user of type human there, or continue as one of these.</p>\n"
            : nil
        let providers: HTML? =
            page.identityProviders.isEmpty
            ? nil
            : "<p id=\"identityProvider\">The app asks for the identity provider \(page.identityProviders.joined(separator: ", ")). This server has no identity providers; sign in here instead.</p>\n"
        let organizations: HTML? =
            page.organizations.isEmpty
            ? nil
            : "<p id=\"organization\">The app asks for users of: \(page.organizations.joined(separator: ", ")).</p>\n"
        return "\(create)\(providers)\(organizations)"
    }
}
