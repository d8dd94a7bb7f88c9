import Encodings
import HTTP
import Model
import Provider
@testable import Server
import Synchronization
import System
import TestSupport
import Testing

/// `GET /mock/v1/requests?wait=...`, by a clock that the test moves.
@Suite struct JournalWaitTests {
    /// A call that waits, and what it was answered.
    private final class Call: Sendable {
        private let answer = Mutex<HTTPResponse?>(nil)

        var response: HTTPResponse? { answer.withLock { $0 } }
        var count: Int? { response?.json["items"]?.array?.count }

        init(_ application: Application, query: String) {
            let request = HTTPRequest(
                method: "GET", path: "/mock/v1/requests", query: Array(query.utf8), headers: [("host", "localhost")])
            switch application.respond(to: request) {
            case .response(let response): answer.withLock { $0 = response }
            case .soon(let start), .later(let start):
                start(Responder(PendingExchange { response in self.answer.withLock { $0 = response } }))
            }
        }
    }

    /// Milliseconds.
    private final class Clock: Sendable {
        let time = Atomic<Int64>(0)
    }

    private let clock: Clock
    private let timers: Timers
    private let application: Application

    init() throws {
        let clock = Clock()
        self.clock = clock
        timers = Timers { clock.time.load(ordering: .relaxed) }
        application = Application(try TestServer().instance, options: .init(log: .off), timers: timers)
    }

    private func moveClock(to time: Int64) {
        clock.time.store(time, ordering: .relaxed)
        timers.fire()
    }

    private func send() {
        _ = application.answer(HTTPRequest(method: "GET", path: "/oauth/v2/keys", headers: [("host", "localhost")]))
    }

    @Test("a call is answered without requests when its time is over, and not before") func timeout() {
        let call = Call(application, query: "wait=5s")
        moveClock(to: 4999)
        #expect(call.response == nil)
        moveClock(to: 5000)
        #expect(call.count == 0 && call.response?.status == 200)
        #expect(call.response?.header("X-Request-Id") != nil)
    }

    @Test("100 calls may wait at a time; a further one is refused, until one of them was answered") func limit() {
        let calls = (0..<100).map { Call(application, query: "endpoint=keys&count=\($0 == 0 ? 1 : 2)&wait=60s") }
        #expect(calls.allSatisfy { $0.response == nil })
        let refused = Call(application, query: "wait=60s")
        #expect(refused.response?.status == 429)
        #expect(refused.response?.json["type"] == "/mock/problems/too-many")
        send()
        #expect(calls.count { $0.response != nil } == 1)
        #expect(Call(application, query: "endpoint=token&wait=60s").response == nil)
    }

    @Test("a call is answered as soon as enough requests have come") func enough() {
        let call = Call(application, query: "wait=5s&count=2")
        send()
        #expect(call.response == nil)
        send()
        #expect(call.count == 2)
    }

    @Test("a call for requests that are there is answered at once") func present() {
        send()
        #expect(Call(application, query: "wait=5s").count == 1)
    }

    @Test("a call for more requests than come is answered with those that came") func partial() {
        let call = Call(application, query: "wait=60s&count=3")
        send()
        moveClock(to: 59_999)
        #expect(call.response == nil)
        moveClock(to: 60_000)
        #expect(call.count == 1)
    }
}
