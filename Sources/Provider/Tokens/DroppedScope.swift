import Encodings
import OAuth

/// A scope that is not granted, and what was probably meant by it.
struct DroppedScope {
    private let scope: String

    init(_ scope: String) {
        self.scope = scope
    }

    /// What to send instead, in words that follow a semicolon.
    /// - Parameter owned: the scopes with a value that the caller may ask for.
    func advice(owned: [String]) -> String {
        if Wrapping.isPlaceholder(scope) { return "it is a variable that was not filled in" }
        if let separator { return "scopes are separated by spaces, \(separator)" }
        if let meant { return "did you mean \(meant)?" }
        for prefix in [Scope.organizationIDPrefix, Scope.organizationDomainPrefix, Scope.rolePrefix]
        where scope.hasPrefix(prefix) {
            let known = owned.filter { $0.hasPrefix(prefix) }
            return known.isEmpty ? "there is none to ask for" : "here it can be \(known.abridgedList)"
        }
        return "for scopes of your own set instance.unknownScopes to keep, or use roles"
    }

    /// Why it is several scopes in one; nil when it is not.
    private var separator: String? {
        if scope.containsByte(where: { $0 == UInt8(ascii: ",") }) { return "not by commas" }
        let isEncodedTwice =
            scope.containsByte { $0 == UInt8(ascii: "+") } || scope.lowercased().contains("%20")
        if isEncodedTwice { return "and this one was encoded twice: encode the form once" }
        return scope.containsByte { $0 <= 0x20 } ? "not by line feeds or tabs" : nil
    }

    private var meant: String? {
        let plain = Scope.standard + [Scope.userMetadata, Scope.userResourceOwner, Scope.projectsRoles]
        if scope.hasSuffix(":roles") || scope == "roles" {
            // As the claims are called.
            return "\(Scope.projectsRoles), together with \(Scope.audience(ofProject: "{projectId}"))"
        }
        if let near = Similarity.nearest(to: scope, in: plain) { return near }
        for (wrong, right) in Self.slips where scope.hasPrefix(wrong) { return right + scope.dropFirst(wrong.count) }
        return nil
    }

    /// Beginnings that are easily mistaken for others.
    private static let slips = [
        ("urn:zitadel:iam:org:projects:id:", Scope.projectPrefix),
        ("urn:zitadel:iam:org:projects:role:", Scope.rolePrefix),
        ("urn:zitadel:iam:project:id:", Scope.projectPrefix),
        ("urn:iam:org:project:id:", Scope.projectPrefix),
        ("urn:zitadel:iam:org:primary:", Scope.organizationDomainPrefix),
        ("urn:zitadel:iam:org:domain:", Scope.organizationDomainPrefix),
    ]
}
