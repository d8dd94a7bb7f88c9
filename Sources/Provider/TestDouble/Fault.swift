public import Encodings
public import OAuth

/// A fault that tests inject: which requests it is for, when it happens, and what it does.
public struct Fault: Sendable {
    /// Which requests; absent members match all.
    public struct Match: Sendable {
        public var endpoint: String?
        public var grant: String?
        /// A client id, or the user name or login name of a service user.
        public var client: String?
        /// A user name.
        public var user: String?
        /// Names in lower case.
        public var headers: [(name: String, value: String)] = []
        public var token: String?

        public init() {}
    }

    /// When, among the requests that match.
    public struct Limit: Sendable {
        /// Requests that are let through first.
        public var after = 0
        /// How many requests the fault hits; nil for no end.
        public var times: Int?
        /// Of every `pass` plus `fail` requests, the first are let through and the others are hit; nil to hit all.
        public var cycle: (pass: Int, fail: Int)?
        /// 0 to 1.
        public var probability = 1.0
        public var until: Timestamp?

        public init() {}
    }

    /// What happens instead of, or to, the answer.
    public struct Action: Sendable {
        public var status: Int?
        public var body: String?
        public var headers: [(name: String, value: String)] = []
        /// Refused with this code, as the dialect has it.
        public var refuse: OAuthErrorCode?
        /// Milliseconds, from and to.
        public var delay: ClosedRange<Int64>?
        public var bytesPerSecond: Int?
        public var truncate: Int?
        public var close: Close?
        public var garbage = false
        /// Seconds.
        public var retryAfter: Int64?
        public var instanceNotFound = false
        /// The key set is answered as it was before the last rotation.
        public var staleKeys = false

        /// How the connection ends instead of an answer.
        public enum Close: String, Sendable, CaseIterable {
            case beforeAnswer = "before-answer"
            case reset, hang
        }

        public init() {}

        /// Whether the request is not answered by the server at all.
        public var replacesAnswer: Bool {
            status != nil || refuse != nil || retryAfter != nil || instanceNotFound || garbage || close != nil
        }

        /// The HTTP status of an answer that the fault makes up: 429 (Too Many Requests, RFC 6585) when it asks to try again later.
        public var answerStatus: Int { status ?? (retryAfter == nil ? 200 : 429) }
    }

    public let id: String
    public var match: Match
    public var limit: Limit
    public var action: Action
    /// As it was sent, for listing.
    public let source: JSONObject
    /// Bytes that it takes, roughly.
    let byteCount: Int

    public init(id: String, match: Match, limit: Limit, action: Action, source: JSONObject) {
        self.id = id
        self.match = match
        self.limit = limit
        self.action = action
        self.source = source
        byteCount = 1024 + JSON.object(source).byteCount
    }
}

extension JSON {
    /// Bytes that the value takes in memory, roughly, with another list of the members that holds the same texts.
    fileprivate var byteCount: Int {
        switch self {
        case .string(let text), .decimal(let text): 128 + text.utf8.count
        case .array(let values): values.reduce(64) { $0 + $1.byteCount }
        case .object(let object): object.members.reduce(64) { $0 + 2 * $1.name.utf8.count + 128 + $1.value.byteCount }
        case .null, .bool, .integer: 32
        }
    }
}
