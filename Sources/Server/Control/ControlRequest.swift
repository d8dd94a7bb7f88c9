import Encodings
import HTTP
import Model
import OAuth
import Provider
import Storage

/// A call of the control API.
struct ControlRequest {
    let application: Application
    /// All instances of the server; nil when it has this one only.
    let registry: InstanceRegistry?
    let exchange: Exchange
    /// For rules of the provider: the state, the time and the issuer that the call sees.
    let context: RequestContext
    let path: PathParameters
    /// The parameters of the query.
    let query: CheckedObject
    /// The body, where the route describes it as one that is checked before the route runs; else without members.
    let checkedBody: CheckedObject
    /// The JSON body as it was sent; an empty object when there is none.
    var body: JSONObject

    var instance: Instance { context.instance }
    var storage: Storage { context.instance.storage }
    var randomBytes: @Sendable (Int) -> [UInt8] { context.instance.dependencies.randomBytes }
    var resources: ResourceIndex { context.snapshot.resources }

    // MARK: References

    var references: ReferenceLookup { ReferenceLookup(resources: resources) }

    func user(_ reference: String) throws(Problem) -> User { try references.user(reference) }
    func client(_ reference: String) throws(Problem) -> Client { try references.client(reference) }
    func project(_ reference: String) throws(Problem) -> Project { try references.project(reference) }

    func missing(_ kind: String, _ reference: String, _ expected: String) -> Problem {
        ReferenceLookup.missing(kind, reference, expected)
    }
}
