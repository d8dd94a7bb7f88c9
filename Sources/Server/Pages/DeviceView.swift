import Provider

/// `/device`.
struct DeviceView {
    let step: DeviceVerification.Step
    let path: String
    let csrf: CSRFToken

    var view: PageLayout {
        switch step {
        case .enterCode(let problem): enterCode(problem)
        case .decide(let page): decide(page)
        case .decided(let appName, let user): decided(appName, isApproved: user != nil)
        }
    }

    private func enterCode(_ problem: LoginProblem?) -> PageLayout {
        PageLayout(
            title: problem == nil ? "Connect a device" : "Error: Connect a device",
            body: """
                <h1>Connect a device</h1>
                \(PageLayout.problem(problem))<form id="code" method="get" action="\(path)">
                <label for="userCode">Code shown on your device</label>
                <input id="userCode" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
                <button class="main">Next</button>
                </form>
                """)
    }

    private func decide(_ page: DeviceVerification.Page) -> PageLayout {
        let forms = ChooserForms(
            action: path, request: ("user_code", page.userCode), csrf: csrf, verb: "Allow as",
            chooser: page.chooser)
        return PageLayout(
            title: (page.problem == nil ? "" : "Error: ") + "Allow \(page.appName)?",
            body: """
                <h1>Allow \(page.appName) on a device?</h1>
                \(PageLayout.problem(page.problem))<p>Continue only if your device shows <code class="user">\(page.userCode)</code></p>
                \(forms.html)\(forms.deny("Deny"))\(PageLayout.scopes(page.scopes))
                """)
    }

    private func decided(_ appName: String, isApproved: Bool) -> PageLayout {
        isApproved
            ? .message(
                "Device connected",
                "<p id=\"approved\">\(appName) will continue automatically. You can close this page.</p>")
            : .message(
                "Access denied", "<p id=\"denied\">\(appName) has been notified. You can close this page.</p>")
    }
}
