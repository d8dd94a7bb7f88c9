import Model
import OAuth

/// What is sent for a rejection.
struct ErrorResponse: Equatable {
    var status: Int
    /// nil for `{"active":false}`.
    var error: OAuthErrorCode?
    var description: String?
    /// The value of `WWW-Authenticate`.
    var challenge: String?
    /// The real server answers after a crash of its handler, without the headers that forbid caching.
    var isRecovered = false

    /// - Parameter status: nil for the status that the code has in the dialect `server`.
    init(_ error: OAuthErrorCode, _ description: String? = nil, status: Int? = nil) {
        self.status = status ?? error.status(in: .server)
        self.error = error
        self.description = description
    }

    private init() {
        status = 200
    }

    /// `{"active":false}`
    static let inactiveToken = ErrorResponse()
}
