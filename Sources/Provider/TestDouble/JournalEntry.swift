public import Encodings

/// One request in the journal. Secrets and tokens are masked in what it shows.
public struct JournalEntry: Sendable {
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

    public init(
        id: String, time: Timestamp, endpoint: String, method: String, path: String, status: Int, microseconds: Int64,
        client: String?, user: String?, grant: String?, tokenID: String?, rejection: Rejection?, warnings: [Warning],
        faultID: String?, size: Int, details: @escaping @Sendable () -> Details
    ) {
        self.id = id
        self.time = time
        self.endpoint = endpoint
        self.method = method
        self.path = Masking.withoutTokens(path)
        self.status = status
        self.microseconds = microseconds
        self.client = client.map(Masking.withoutTokens)
        self.user = user
        self.grant = grant
        self.tokenID = tokenID
        self.rejection = rejection
        self.warnings = warnings
        self.faultID = faultID
        self.size = size
        makeDetails = details
    }

    public var form: [(name: String, value: String)] { makeDetails().form }

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
        let details = makeDetails()
        object.append("form", .object(Self.object(details.form)))
        object.append("headers", .object(Self.object(details.headers)))
        object.append("fault", ifNotEmpty: faultID)
        return object
    }

    /// A name that was sent several times has an array of its values.
    private static func object(_ pairs: [(name: String, value: String)]) -> JSONObject {
        var object = JSONObject()
        for (name, value) in pairs {
            guard let index = object.members.firstIndex(where: { $0.name == name }) else {
                object.append(name, .string(value))
                continue
            }
            let before = object.members[index].value
            object.members[index].value = .array((before.array ?? [before]) + [.string(value)])
        }
        return object
    }
}
