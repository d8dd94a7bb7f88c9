import Encodings

/// What a value may be. The same description checks documents and writes their JSON Schema, so the two cannot differ.
public indirect enum Shape: Sendable {
    case text(minimumLength: Int)
    /// The name of a resource: 1 to 200 characters, as ZITADEL's APIs allow.
    case name
    case boolean
    /// One of several words; the noun says what the words are, with its article.
    case choice(noun: String, [String])
    /// 1 to 20 decimal digits.
    case id
    case duration(maximum: String?)
    /// RFC 3339
    case time
    /// scheme:…
    case uri
    /// A URI; `host:port`, where the scheme was forgotten, is refused.
    case redirectURI
    /// http:// or https:// and a host; no path.
    case origin
    /// A host with or without port.
    case host
    /// Visible ASCII characters without spaces.
    case token(minimumLength: Int)
    /// The path of a file.
    case path
    case phone
    case email
    /// BCP 47
    case language
    /// The stored form of a secret.
    case hash(HashFormat)
    case list(Shape)
    case object(ObjectShape)
    /// Objects of several kinds, distinguished by a member.
    case variants(tag: String, noun: String, [(value: String, shape: ObjectShape)])
    case textOrObject(ObjectShape)
    /// Any member names; values are strings, or `{"base64": …}` for bytes that are not text.
    case metadata
    /// Any JSON object.
    case anyObject
    /// A whole number.
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    /// A string of a form of its own.
    case pattern(TextPattern)
    /// One value, or a list of them.
    case oneOrList(Shape)
    /// An object with any member names, and values of one shape.
    case map(Shape)
    /// An object, or a value of another shape.
    case either(Shape, ObjectShape)
    /// A value, or null.
    case nullable(Shape)
    /// Any JSON.
    case any

    /// Characters of the name of a resource.
    static let nameLimit = 200
    /// What one resource has at most of something, such as roles of a project, metadata of a user, or addresses of an app, with all of which each
    /// request for a sign-in is compared.
    public static let countLimit = 1000

    /// Domains of an organization or of an instance; each user has a login name with each of the former.
    private static let domainLimit = 100

    /// How many elements a list of this shape may have; nil for organizations, projects, apps and users, which may be as many as a document holds.
    var elementLimit: Int? {
        switch self {
        case .object(let object): object.listLimit
        case .variants: nil
        case .host: Self.domainLimit
        default: Self.countLimit
        }
    }
}
