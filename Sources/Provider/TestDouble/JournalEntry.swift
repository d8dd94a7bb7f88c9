public import Encodings

/// One request in the journal. Secrets and tokens are masked in what it shows, and long texts are cut.
public final class JournalEntry: Sendable {
    /// Bytes of a text that are kept.
    public static let textLimit = 2048
    /// Parameters, and header fields, that are kept.
    public static let parameterLimit = 200
    public static let headerLimit = 100

    public let id: String
    public let time: Timestamp
    public let endpoint: String
    public let method: String
    public let path: String
    public let status: Int
    /// How long answering took.
    public let microseconds: Int64
    public let client: String?
    public let user: String?
    public let grant: String?
    public let tokenID: String?
    public let rejection: Rejection?
    public let warnings: [Warning]
    /// What is only worked out when somebody looks at the entry.
    public struct Details: Sendable {
        /// Parameters of the request, those of the body first, with secrets masked.
        public let form: [(name: String, value: String)]
        public let headers: [(name: String, value: String)]

        /// The latest value of a parameter.
        var values: [ExactString: String] {
            Dictionary(form.map { (ExactString($0.name), $0.value) }) { _, last in last }
        }

        public init(form: [(name: String, value: String)], headers: [(name: String, value: String)]) {
            self.form = form
            self.headers = headers
        }
    }

    private let makeDetails: @Sendable () -> Details
    /// Bytes that the entry takes, roughly.
    let size: Int
    /// Answered by a fault instead of the server.
    public let faultID: String?

    /// - Parameters:
    ///   - detailsSize: bytes that the function of the details holds.
    ///   - details: works out the details.
    public init(
        id: String, time: Timestamp, endpoint: String, method: String, path: String, status: Int, microseconds: Int64,
        client: String?, user: String?, grant: String?, tokenID: String?, rejection: Rejection?, warnings: [Warning],
        faultID: String?, detailsSize: Int, details: @escaping @Sendable () -> Details
    ) {
        func kept(_ text: String) -> String { text.cut(toBytes: Self.textLimit) }
        self.id = id
        self.time = time
        self.endpoint = endpoint
        self.method = Masking.withoutCodes(kept(method))
        self.path = Masking.withoutCodes(kept(path))
        self.status = status
        self.microseconds = microseconds
        self.client = client.map { Masking.withoutCodes(kept($0)) }
        self.user = user.map(kept)
        self.grant = grant.map { Masking.withoutCodes(kept($0)) }
        self.tokenID = tokenID.map(kept)
        self.rejection = rejection.map { Rejection($0.reason, Masking.withoutCodes(kept($0.detail))) }
        self.warnings = warnings.map { Warning($0.code, Masking.withoutCodes(kept($0.detail))) }
        self.faultID = faultID
        makeDetails = details
        let texts = [
            id, self.method, self.path, self.client, self.user, self.grant, self.tokenID, self.rejection?.detail,
            faultID,
        ]
        size =
            Self.overhead + detailsSize + texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
            + self.warnings.reduce(0) { $0 + $1.detail.utf8.count + 64 }
    }

    /// Bytes of an entry without its texts: the object, and what the allocator adds to each text.
    private static let overhead = 1024

    public var details: Details { makeDetails() }

    /// What became of the request, as filters name it.
    public enum Outcome: String, Sendable, CaseIterable {
        case ok, rejected, inactive, failed
    }

    public var outcome: Outcome {
        if status >= 500 { return .failed }
        guard rejection != nil else { return .ok }
        return status < 400 ? .inactive : .rejected
    }

    public var json: JSONObject {
        var object: JSONObject = [
            "id": .string(id), "time": .string(UTCDateTime(unix: time.seconds).rfc3339), "endpoint": .string(endpoint),
            "method": .string(method), "path": .string(path), "status": .integer(Int64(status)),
            "outcome": .string(outcome.rawValue), "durationMicroseconds": .integer(microseconds),
        ]
        object.append("client", ifNotEmpty: client)
        object.append("user", ifNotEmpty: user)
        object.append("grant", ifNotEmpty: grant)
        object.append("tokenId", ifNotEmpty: tokenID)
        if let rejection {
            object.append("reason", .string(rejection.reason.rawValue))
            object.append("detail", .string(rejection.detail))
        }
        object.append(
            "warnings",
            .array(warnings.map { .object(["code": .string($0.code.rawValue), "detail": .string($0.detail)]) }))
        let details = details
        object.append("form", .object(Self.object(details.form)))
        object.append("headers", .object(Self.object(details.headers)))
        object.append("fault", ifNotEmpty: faultID)
        return object
    }

    /// A name that was sent several times has an array of its values.
    private static func object(_ pairs: [(name: String, value: String)]) -> JSONObject {
        let values = Dictionary(grouping: pairs) { ExactString($0.name) }
        var object = JSONObject(capacity: values.count)
        var written: Set<ExactString> = []
        for (name, _) in pairs where written.insert(ExactString(name)).inserted {
            let texts = values[ExactString(name)]?.map(\.value) ?? []
            object.append(name, texts.count == 1 ? .string(texts[0]) : .strings(texts))
        }
        return object
    }
}
