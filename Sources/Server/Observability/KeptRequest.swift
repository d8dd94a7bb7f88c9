import Encodings
import HTTP
import OAuth
import Provider

/// What the journal keeps of a request: its parameters and header fields, cut to a bounded size.
struct KeptRequest: Sendable {
    /// Longer bodies and queries are not kept.
    private static let longestForm = 64 << 10
    /// A longer form is read at once, to keep only what is shown of it; a shorter one when somebody looks at it.
    private static let longestUnread = 8 << 10
    /// Bytes of all header fields that are kept.
    private static let headerBytes = 64 << 10

    private typealias Field = (name: String, value: String)

    private enum Form: Sendable {
        case unread(body: [UInt8], query: [UInt8])
        case read([(name: String, value: String)])
    }

    private let form: Form
    private let headers: [(name: String, value: String)]
    /// Bytes that it takes, roughly.
    let byteCount: Int

    init(_ request: HTTPRequest) {
        let isForm =
            request.header("content-type")?.caseFolded.hasPrefix("application/x-www-form-urlencoded") ?? false
        let body = isForm && request.body.count <= Self.longestForm ? request.body : []
        let query = request.query.count <= Self.longestForm ? request.query : []
        headers = Self.kept(request.headers)
        let formBytes: Int
        if body.count + query.count <= Self.longestUnread {
            // Copies, because the originals may have room for much more.
            form = .unread(body: Self.copy(body), query: Self.copy(query))
            formBytes = body.count + query.count
        } else {
            let parameters = Self.parameters(body, query).map { Self.cut($0) }
            form = .read(parameters)
            formBytes = Self.byteCount(parameters)
        }
        byteCount = Self.byteCount(headers) + formBytes
    }

    /// As people may see it.
    /// - Parameter isSecret: whether a word is a secret that nothing else shows to be one.
    func details(where isSecret: (String) -> Bool) -> JournalEntry.Details {
        let parameters =
            switch form {
            case .unread(let body, let query): Self.parameters(body, query)
            case .read(let parameters): parameters
            }
        return JournalEntry.Details(
            form: parameters.map {
                (Masking.name($0.name), Masking.hiding(Masking.parameter($0.name, $0.value), where: isSecret))
            },
            headers: headers.map {
                (Masking.withoutCodes($0.name), Masking.hiding(Masking.header($0.name, $0.value), where: isSecret))
            })
    }

    private static func parameters(_ body: [UInt8], _ query: [UInt8]) -> [Field] {
        let form = try? FormParameters(body: body, query: query)
        return Array((form?.parameters ?? []).prefix(JournalEntry.parameterLimit))
    }

    /// The fields that are kept; nearly always, those are all.
    private static func kept(_ headers: [Field]) -> [Field] {
        let isShort =
            headers.count <= JournalEntry.headerLimit
            && headers.allSatisfy { max($0.name.utf8.count, $0.value.utf8.count) <= JournalEntry.textLimit }
        if isShort, byteCount(headers) <= headerBytes { return headers }
        var kept: [Field] = []
        var bytes = 0
        for field in headers.prefix(JournalEntry.headerLimit) {
            let field = cut(field)
            bytes += byteCount([field])
            guard bytes <= headerBytes else { break }
            kept.append(field)
        }
        return kept
    }

    private static func cut(_ field: Field) -> Field {
        (field.name.cut(toBytes: JournalEntry.textLimit), field.value.cut(toBytes: JournalEntry.textLimit))
    }

    private static func copy(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBufferPointer { Array($0) } }

    /// With what the allocator adds to each text.
    private static func byteCount(_ fields: [Field]) -> Int {
        fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 96 }
    }
}
