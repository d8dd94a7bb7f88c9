import Provider

/// A button with which a user signs in or out: initials, what pressing it does, and who the user is.
///
/// The text before the `small` elements, such as "Continue as Alice Adams", is what tests find the button by.
struct AccountButton {
    let account: LoginCandidate
    /// What pressing the button does, such as "Continue as".
    let verb: String
    var isMain = false

    var html: HTML {
        let classes = "account" + (isMain ? " main" : "") + (account.ineligibility == nil ? "" : " off")
        let ineligibility: HTML? = account.ineligibility.map {
            "<small class=\"ineligible\">Cannot sign in: \($0)</small>"
        }
        let organization = account.organizationName.isEmpty ? "" : " · \(account.organizationName)"
        return """
            <button class="\(classes)" data-initials="\(Self.initials(of: account.displayName))" \(nameAndValue)>\
            \(verb) \(account.displayName)<small>\(account.loginName)\(organization)</small>\(ineligibility)</button>

            """
    }

    private var nameAndValue: HTML {
        account.sessionID.map { "name=\"session\" value=\"\($0)\"" } ?? "name=\"person\" value=\"\(account.userID)\""
    }

    /// The first letters of the first and the last word, in upper case.
    static func initials(of name: String) -> String {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        let letters = [words.first, words.count > 1 ? words.last : nil].compactMap { $0?.unicodeScalars.first }
        return letters.map { $0.properties.uppercaseMapping }.joined()
    }
}
