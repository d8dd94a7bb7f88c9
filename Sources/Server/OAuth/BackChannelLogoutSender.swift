import Encodings
import HTTP
import HTTPServer
import Model
import Provider
import System

/// Sends logout notices to the apps that the seed names: the only calls that this server ever makes.
///
/// Threads of their own send them, so that a user who signs out does not wait for apps that do not answer. Each address gets one notice after another, and
/// none waits for an app at another one. Threads are made when there is something to send, and end a while after there is nothing left.
final class BackChannelLogoutSender: Sendable {
    /// Seconds that an app has to answer.
    private static let timeout = 5
    /// Notices that wait; more are given up.
    private static let limit = 1000

    /// Threads at a time.
    private static let threadLimit = 8

    /// Milliseconds that a thread waits for further notices before it ends.
    private static let linger: Int64 = 5000
    /// Milliseconds that a server that stops waits for the notice that is being sent.
    private static let grace: Int64 = 300

    private struct State: Sendable {
        var waiting: [BackChannelLogoutNotice] = []
        var threads = 0
        /// The addresses that a notice is being sent to.
        var busy: Set<String> = []
        /// The server stops: what has not begun is given up.
        var isClosed = false

        var isDone: Bool { waiting.isEmpty && busy.isEmpty }

        /// The first notice for an address to which none is being sent.
        mutating func takeNext() -> BackChannelLogoutNotice? {
            guard let index = waiting.firstIndex(where: { !busy.contains($0.uri) }) else { return nil }
            busy.insert(waiting[index].uri)
            return waiting.remove(at: index)
        }
    }

    private let log: RequestLog
    private let now: @Sendable () -> Timestamp
    private let state = Monitor(State())

    init(_ log: RequestLog, now: @escaping @Sendable () -> Timestamp) {
        self.log = log
        self.now = now
    }

    func send(_ notices: [BackChannelLogoutNotice]) {
        guard !notices.isEmpty else { return }
        let givenUp = state.change { state in
            guard !state.isClosed else { return notices[...] }
            let addresses = Set(notices.map(\.uri)).count
            for _ in 0..<addresses where state.threads < min(Self.threadLimit, state.busy.count + addresses) {
                guard (try? Thread.detach { self.work() }) != nil else { break }
                state.threads += 1
            }
            guard state.threads > 0 else { return notices[...] }
            let accepted = max(0, Self.limit - state.waiting.count)
            state.waiting += notices.prefix(accepted)
            return notices.dropFirst(accepted)
        }
        giveUp(givenUp)
    }

    private func work() {
        while let notice = next() {
            log.note(outcome(of: notice), at: now())
            state.change { _ = $0.busy.remove(notice.uri) }
        }
    }

    /// The next notice; nil when the thread has to end.
    private func next() -> BackChannelLogoutNotice? {
        let notice = state.wait(milliseconds: Self.linger) { state -> BackChannelLogoutNotice?? in
            if let notice = state.takeNext() { return notice }
            return state.isClosed && state.waiting.isEmpty ? .some(nil) : nil
        }
        if let notice, let notice { return notice }
        return state.change { state in
            // One may have come just now.
            if let notice = state.takeNext() { return notice }
            // While others wait for an address that is busy, this thread is not needed: the busy one goes on with them.
            state.threads -= 1
            return nil
        }
    }

    /// Waits until everything is sent.
    func drain() {
        _ = state.wait { $0.isDone ? true : nil }
    }

    /// Gives up what has not begun, and waits a moment for the notice that is being sent.
    /// - Returns: whether that was sent.
    func close() -> Bool {
        let waiting = state.change { state in
            defer { state.waiting = [] }
            state.isClosed = true
            return state.waiting
        }
        giveUp(waiting[...])
        let isDone = state.wait(milliseconds: Self.grace, { $0.isDone ? true : nil }) ?? false
        if !isDone { log.note("back-channel logout: the server stopped before an app had answered", at: now()) }
        return isDone
    }

    private func giveUp(_ notices: ArraySlice<BackChannelLogoutNotice>) {
        for notice in notices { log.note("back-channel logout of client \(notice.clientID): not sent", at: now()) }
    }

    /// Sends a notice, and says in one line what became of it.
    private func outcome(of notice: BackChannelLogoutNotice) -> String {
        let what = "back-channel logout of client \(notice.clientID) at \(notice.uri)"
        guard let target = WebURL(backChannelLogout: notice.uri) else {
            return "\(what): not sent; only http:// addresses can be called"
        }
        let request = HTTPRequest(
            method: "POST", path: target.path.isEmpty ? "/" : target.path, query: Array(target.query.utf8),
            headers: [("content-type", "application/x-www-form-urlencoded")],
            body: Array("logout_token=\(notice.token)".utf8))
        var status = 0
        do {
            // Only the status counts.
            try HTTPClient.stream(request, host: target.host, port: target.port ?? 80, timeout: Self.timeout) {
                head, _ in
                status = head.status
                return false
            }
            return "\(what): \(status)"
        } catch {
            return "\(what): \(error)"
        }
    }
}
