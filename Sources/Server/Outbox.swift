import Encodings
import Glibc
import HTTP
import Provider
import Synchronization

/// Sends logout notices to the apps that the seed names: the only calls that this server ever makes.
///
/// They leave one after another on threads of their own, so that a person who signs out does not wait for apps that do not answer.
final class Outbox: Sendable {
    /// Seconds that an app has to answer.
    private static let timeout = 5
    private let log: RequestLog
    private let now: @Sendable () -> Moment
    /// The thread that sends last; each waits for the one before it.
    private let last = Mutex<Thread?>(nil)

    init(_ log: RequestLog, now: @escaping @Sendable () -> Moment) {
        self.log = log
        self.now = now
    }

    func send(_ notices: [LogoutNotice]) {
        guard !notices.isEmpty else { return }
        last.withLock { last in
            let before = last
            last = Thread {
                before?.join()
                for notice in notices { self.log.note(self.outcome(of: notice), at: self.now()) }
            }
        }
    }

    /// Waits until everything is sent, or given up.
    func drain() {
        let thread = last.withLock { last in
            defer { last = nil }
            return last
        }
        thread?.join()
    }

    /// Sends a notice, and says in one line what became of it.
    private func outcome(of notice: LogoutNotice) -> String {
        let what = "back-channel logout of client \(notice.clientID) at \(notice.uri)"
        guard let target = WebAddress(notice.uri), target.scheme == "http", !target.host.isEmpty else {
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
