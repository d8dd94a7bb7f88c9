import Encodings
import Model

/// `Mock-Login-As`: a header by which tests sign in as a user without the form.
extension Login {
    /// The user named by the header `Mock-Login-As`.
    /// - Throws: `Rejection` with `login_as_unknown`
    func user(loginAs name: String) throws(Rejection) -> User {
        if let user = resourceIndex.user(named: name) { return user }
        let why =
            resourceIndex.advice(onUserName: name)
            ?? "the login names are \(humans.map(resourceIndex.preferredLoginName).quotedList)"
        throw Rejection(.loginAsUnknown, "Mock-Login-As is \"\(name.truncated)\"; \(why)")
    }
}
