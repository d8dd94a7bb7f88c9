import Encodings
import Model
import OAuth

extension ClaimSource {
    /// `urn:zitadel:iam:user:metadata`, for the scope of the same name.
    static let metadata = ClaimSource { request in
        guard request.scopes.contains(Scope.userMetadata), !request.user.metadata.isEmpty else { return [:] }
        var metadata = JSONObject()
        for entry in request.user.metadata.sorted(by: { $0.key < $1.key }) {
            metadata.append(entry.key, .string(Base64.urlEncoded(entry.value)))
        }
        return [Scope.userMetadata: .object(metadata)]
    }

    /// The claims that the resource of the user adds, as an action of ZITADEL would.
    static let additionalClaims = ClaimSource { $0.user.claims }
}
