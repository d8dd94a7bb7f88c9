extension RequestContext {
    /// What was sent in the place of an assertion, as a sentence about it; nil for what nobody knows.
    func kindOfAssertion(_ text: String) -> String? {
        if text.hasPrefix("@") {
            return
                "it begins with \"@\", as the name of a file for curl does; send the content (--data-urlencode NAME@FILE)"
        }
        return (try? kind(of: text))?.map { "it is \($0.name); sign a JWT with a registered key" }
    }
}
