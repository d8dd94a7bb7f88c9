import Encodings
import HTTP
import Model
import OAuth
import Provider

/// A call of the control API.
struct ControlRequest {
    let application: Application
    let exchange: Exchange
    /// For rules of the provider: the state, the time and the issuer that the call sees.
    let context: RequestContext
    let path: PathParameters
    /// The JSON body; an empty object when there is none.
    let body: JSONObject

    var instance: Instance { context.instance }
    var resources: ResourceIndex { context.snapshot.resources }
    var reader: BodyReader { BodyReader(body) }

    /// A query parameter; nil when it is absent.
    func query(_ name: String) -> String? { context.form.last(name) }

    /// - Throws: `Problem` when the parameter is there and is not a whole number in the range.
    func query(_ name: String, in range: ClosedRange<Int>, default: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return `default` }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .invalidParameter,
                "\(name) is \"\(text.prefix(100))\"; expected a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    // MARK: References

    func user(_ reference: String) throws(Problem) -> User {
        guard let user = resources.user(named: reference) else {
            throw missing("user", reference, "an id, a login name, or a user name that only one user has")
        }
        return user
    }

    /// An app, by client id or id.
    func client(_ reference: String) throws(Problem) -> Client {
        let byID = resources.resources.apps.first { $0.id == reference }?.clientID
        guard let client = resources.client(id: reference) ?? byID.flatMap(resources.client(id:)) else {
            throw missing("app", reference, "an id or a client id")
        }
        return client
    }

    func organization(_ reference: String) throws(Problem) -> Organization {
        let named = resources.resources.organizations.filter { $0.name == reference }
        guard let organization = resources.organization(id: reference) ?? (named.count == 1 ? named.first : nil) else {
            throw missing("organization", reference, "an id, or a name that only one has")
        }
        return organization
    }

    func project(_ reference: String) throws(Problem) -> Project {
        let named = resources.resources.projects.filter { $0.name == reference }
        guard let project = resources.project(id: reference) ?? (named.count == 1 ? named.first : nil) else {
            throw missing("project", reference, "an id, or a name that only one has")
        }
        return project
    }

    func missing(_ kind: String, _ reference: String, _ expected: String) -> Problem {
        Problem(.notFound, "there is no \(kind) \"\(String(reference.prefix(200)))\"; expected \(expected)")
    }
}
