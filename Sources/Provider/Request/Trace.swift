/// What becomes known about a request while it is answered, also when it is rejected in the end. Access log, journal and lint are written from it.
///
/// Used by one thread at a time.
public final class Trace {
    /// The client that sent the request: a client id, or the user name of a service user. Set as soon as it is named, before it is believed.
    public var client: String?
    /// The name of the user that the request is about. Set as soon as the user is found, before anything of the request is believed.
    public var user: String?
    /// The parameter `grant_type`, also when there is no such grant: a known one without the prefix of its URN.
    public var grantType: String?
    /// The `jti` of the token that was read or issued.
    public var tokenID: String?
    /// Whether a user proved who they are, after which the browser must be known by another cookie.
    public internal(set) var hasNewSession = false
    public private(set) var warnings: [Warning] = []
    /// Why the request was rejected or, at introspection, why the token is inactive.
    public var rejection: Rejection?
    /// The cause of a failure of the server: for the log only.
    public var failure: String?
    /// The checks that were made, in their order; recorded only while explaining.
    public private(set) var checks: [Check] = []
    /// An explanation continues after a check that failed, as far as it can. Nothing is ever issued or changed by one.
    private let isExplaining: Bool

    public init() { isExplaining = false }

    private init(explaining: Bool) { isExplaining = explaining }

    /// A trace that records all checks, those after a failed one too. `rejection` is then that of the first that failed.
    static func explaining() -> Trace { Trace(explaining: true) }

    func warn(_ code: Warning.Code, _ detail: @autoclosure () -> String) { warn([Warning(code, detail())]) }

    /// Adds what was not said of the request before.
    public func warn(_ more: [Warning]) {
        for warning in more where !warnings.contains(warning) { warnings.append(warning) }
    }

    /// Makes a check.
    /// - Throws: the rejection, when it failed; while explaining, nothing.
    func require(
        _ name: Check.Name, _ passed: Bool, expected: @autoclosure () -> String, found: @autoclosure () -> String,
        or rejection: @autoclosure () -> Rejection
    ) throws(Rejection) {
        if isExplaining {
            checks.append(Check(name: name, passed: passed, expected: expected(), found: found()))
            if !passed, self.rejection == nil { self.rejection = rejection() }
            return
        }
        guard passed else { throw rejection() }
    }

    /// Makes a check without whose success the following ones make no sense.
    /// - Returns: the value that was looked for.
    /// - Throws: the rejection, when there is none.
    func unwrap<Value>(
        _ name: Check.Name, _ value: Value?, expected: @autoclosure () -> String, found: @autoclosure () -> String,
        or rejection: @autoclosure () -> Rejection
    ) throws(Rejection) -> Value {
        if isExplaining {
            checks.append(Check(name: name, passed: value != nil, expected: expected(), found: found()))
        }
        guard let value else { throw rejection() }
        return value
    }
}
