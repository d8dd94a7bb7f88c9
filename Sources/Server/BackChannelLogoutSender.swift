import Encodings
import Glibc
import HTTP
import Provider
import Synchronization

/// Sends logout notices to the apps that the seed names: the only calls that this server ever makes.
///
/// One thread sends them, one after another, so that a person who signs out does not wait for apps that do not answer. It ends when there is nothing left.
final class BackChannelLogoutSender: Sendable {
    /// Seconds that an app has to answer.
    private static let timeout = 5
    /// Notices that wait; more are given up.
    private static let limit = 1000

    private struct State: Sendable {
        var waiting: [LogoutNotice] = []
        var thread: Thread?
        var isBusy = false
        /// The server stops: what has not begun is given up.
        var isClosed = false
    }

    private let log: RequestLog
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(_ log: RequestLog, now: @escaping @Sendable () -> Timestamp) {
        self.log = log
        self.now = now
    }

    func send(_ notices: [LogoutNotice]) {
        guard !notices.isEmpty else { return }
        let givenUp = state.withLock { state in
            let room = state.isClosed ? 0 : Self.limit - state.waiting.count
            state.waiting += notices.prefix(room)
            if !state.isBusy, !state.waiting.isEmpty {
                state.isBusy = true
                state.thread?.join()
                state.thread = Thread { self.work() }
            }
            return notices.dropFirst(room)
        }
        giveUp(givenUp)
    }

    private func work() {
        while let notice = next() { log.note(outcome(of: notice), at: now()) }
    }

    private func next() -> LogoutNotice? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    /// Waits until everything is sent.
    func drain() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Waits for the notice that is being sent, at most for its timeout, and gives up the others.
    func close() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isClosed = true
            return state.waiting
        }
        giveUp(waiting[...])
        drain()
    }

    private func giveUp(_ notices: ArraySlice<LogoutNotice>) {
        for notice in notices { log.note("back-channel logout of client \(notice.clientID): not sent", at: now()) }
    }

    /// Sends a notice, and says in one line what became of it.
    private func outcome(of notice: LogoutNotice) -> String {
        let what = "back-channel logout of client \(notice.clientID) at \(notice.uri)"
        guard let target = WebURL(notice.uri), target.scheme == "http", !target.host.isEmpty else {
            return "\(what): not sent; only http:// addresses can be called"
        }
        let request = HTTPRequest(
            method: "POST", path: target.path.isEmpty ? "/" : target.path, query: Array(target.query.utf8),
            headers: [("content-type", "application/x-www-form-urlencoded")],
            body: Array("logout_token=\(notice.token)".utf8))
        do {
            let answer = try HTTPClient.send(request, host: target.host, port: target.port ?? 80, timeout: Self.timeout)
            return "\(what): \(answer.status)"
        } catch {
            return "\(what): \(error)"
        }
    }
}
