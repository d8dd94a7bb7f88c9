import Provider

/// `/device`.
struct DeviceView {
    let step: DeviceVerification.Step
    let path: String
    let formToken: String

    var view: PageView {
        switch step {
        case .enterCode(let problem): enterCode(problem)
        case .decide(let page): decide(page)
        case .decided(let appName, let user): decided(appName, isApproved: user != nil)
        }
    }

    private func enterCode(_ problem: LoginProblem?) -> PageView {
        PageView(
            title: problem == nil ? "Connect a device" : "Error: Connect a device",
            body: """
                <h1>Connect a device</h1>
                \(PageView.problem(problem))<form id="code" method="get" action="\(path)">
                <label for="userCode">Code that the device shows</label>
                <input id="userCode" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
                <button class="main">Next</button>
                </form>
                """)
    }

    private func decide(_ page: DeviceVerification.Page) -> PageView {
        let forms = PersonForms(
            action: path, hidden: [("user_code", page.userCode), ("csrf", formToken)], verb: "Allow as",
            signedIn: page.signedIn, people: page.people, loginName: page.loginName)
        return PageView(
            title: (page.problem == nil ? "" : "Error: ") + "Allow \(page.appName)?",
            body: """
                <h1>Allow \(page.appName) on a device?</h1>
                \(PageView.problem(page.problem))<p>Only if the device shows <code>\(page.userCode)</code></p>
                <p class="quiet">It asks for: \(page.scopes.isEmpty ? "nothing" : page.scopes.joined(separator: " "))</p>
                \(forms.html)\(forms.deny)
                """)
    }

    private func decided(_ appName: String, isApproved: Bool) -> PageView {
        isApproved
            ? .message(
                "Device connected",
                "<p id=\"approved\">The app \(appName) goes on by itself. You can close this page.</p>")
            : .message("Device refused", "<p id=\"denied\">The app \(appName) is told so. You can close this page.</p>")
    }
}
