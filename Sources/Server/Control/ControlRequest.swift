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
    /// The JSON body; an empty object when there is none.
    var body: JSONObject

    var instance: Instance { context.instance }
    var storage: Storage { context.instance.storage }
    var randomBytes: @Sendable (Int) -> [UInt8] { context.instance.dependencies.randomBytes }
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

    var references: ReferenceLookup { ReferenceLookup(resources: resources) }

    func user(_ reference: String) throws(Problem) -> User { try references.user(reference) }
    func client(_ reference: String) throws(Problem) -> Client { try references.client(reference) }
    func project(_ reference: String) throws(Problem) -> Project { try references.project(reference) }

    func missing(_ kind: String, _ reference: String, _ expected: String) -> Problem {
        ReferenceLookup.missing(kind, reference, expected)
    }
}
