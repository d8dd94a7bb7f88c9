import Crypto
import Encodings
import Provider

/// A form that posts itself to the app (OAuth 2.0 Form Post Response Mode); without JavaScript a button does.
struct FormPostView {
    let action: String
    let fields: [Callback.Field]

    private static let script = "document.forms[0].submit()"

    var view: PageLayout {
        let form = PageLayout.form(
            "callback", action: action, hidden: fields.map { ($0.name, $0.value) },
            "<button class=\"main\">Continue</button>\n")
        return PageLayout(
            title: "Back to the app",
            body: """
                <h1>Back to the app</h1>
                \(form)<script>\(HTML(stringLiteral: Self.script))</script>
                """,
            scriptHash: "sha256-" + Base64.encoded(Digest.sha256.hash(Array(Self.script.utf8))))
    }
}
