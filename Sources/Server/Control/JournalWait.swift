import HTTP
import Provider
import Synchronization
import System

/// A call that waits until enough requests came in, or the time is over. It ends with its connection.
final class JournalWait: Sendable {
    private struct State {
        var observer: Int?
        var timer: Int?
        var isOver = false
    }

    private let journal: Journal
    private let filter: JournalFilter
    private let count: Int
    private let limit: Int
    private let timers: Timers
    private let responder: Responder
    private let state = Mutex(State())

    init(
        _ journal: Journal, _ filter: JournalFilter, count: Int, limit: Int, timers: Timers, _ responder: Responder
    ) {
        self.journal = journal
        self.filter = filter
        self.count = count
        self.limit = limit
        self.timers = timers
        self.responder = responder
    }

    func start(milliseconds: Int64) {
        let observer = journal.observe { notice in
            if self.filter.matches(notice.entry) { self.answer(isLate: false) }
        }
        guard let observer else {
            let problem = Problem(.tooMany, "too many calls wait already; let some end")
            responder.complete(problem.response)
            return
        }
        keep { $0.observer = observer }
        keep { $0.timer = timers.after(milliseconds: milliseconds) { self.answer(isLate: true) } }
        responder.whenClientGone { self.stop() }
        answer(isLate: false)
    }

    /// Remembers what is to be given up in the end, or does so now when that has come already.
    private func keep(_ change: (inout State) -> Void) {
        let isOver = state.withLock { state in
            change(&state)
            return state.isOver
        }
        if isOver { stop() }
    }

    private func answer(isLate: Bool) {
        let entries = journal.entries(filter)
        guard isLate || entries.count >= count else { return }
        stop()
        responder.complete(ControlReply.json(200, JournalRoutes.page(entries, limit)))
    }

    private func stop() {
        let (observer, timer) = state.withLock { state in
            defer { state = State(isOver: true) }
            return (state.observer, state.timer)
        }
        if let observer { journal.stopObserving(observer) }
        if let timer { timers.cancel(timer) }
    }
}
