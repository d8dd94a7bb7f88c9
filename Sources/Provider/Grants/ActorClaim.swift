import Encodings

/// The claim `act` of a token (RFC 8693 section 4.1): who acts for its user. Earlier actors are nested in it.
enum ActorClaim {
    /// How deep it is nested at most. Each exchange may add a level, and a token that nobody can read would be of no use.
    static let maximumDepth = 50

    /// The claim of a token that one user gets for another.
    /// - Parameter actor: the token of the user who acts; its own claim `act` is nested.
    /// - Throws: `Rejection` with `actor_token_invalid` when it would be nested deeper than `maximumDepth`.
    static func value(for actor: ExchangedToken, issuer: String) throws(Rejection) -> JSONObject {
        var (depth, inner) = (1, actor.actor)
        while let next = inner { (depth, inner) = (depth + 1, next["act"]?.object) }
        guard depth <= maximumDepth else {
            throw Rejection(
                .actorTokenInvalid,
                "actor_token: its act claim is \(maximumDepth) deep already, and this server nests no deeper; exchange a token with fewer actors"
            )
        }
        var claim = JSONObject()
        if let earlier = actor.actor { claim.append("act", .object(earlier)) }
        claim.append("iss", .string(issuer))
        claim.append("sub", .string(actor.userID))
        return claim
    }
}
