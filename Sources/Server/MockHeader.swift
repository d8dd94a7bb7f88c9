/// The headers of requests that only this server knows.
public enum MockHeader: String, CaseIterable {
    case dialect = "Mock-Dialect"
    case instance = "Mock-Instance"
    case loginAs = "Mock-Login-As"

    /// The name as it is kept: in lower case.
    public var field: String { rawValue.lowercased() }

    /// Those of answers, which proxies and recorded requests may send back.
    public enum OfAnswers: String, CaseIterable {
        case reason = "Mock-Reason"
        case warning = "Mock-Warning"

        /// The name as it is kept: in lower case.
        public var field: String { rawValue.lowercased() }
    }
}
