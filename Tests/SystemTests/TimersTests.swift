import Synchronization
import System
import Testing

@Suite struct TimersTests {
    @Test("the first timer fires although nothing else happens") func first() {
        let timers = Timers()
        let rang = Monitor(false)
        timers.after(milliseconds: 20) { rang.change { $0 = true } }
        #expect(rang.wait(milliseconds: 60_000) { $0 ? true : nil } == true)
    }

    @Test("a timer that is due earlier than the one that is waited for fires first") func earlier() {
        let timers = Timers()
        let rang = Monitor([String]())
        timers.after(milliseconds: 3_600_000) { rang.change { $0.append("late") } }
        timers.after(milliseconds: 1) { rang.change { $0.append("early") } }
        #expect(rang.wait(milliseconds: 60_000) { $0.isEmpty ? nil : $0 } == ["early"])
    }

    @Test("timers fire in the order of their deadlines, once, and not after they were canceled") func order() {
        let clock = Atomic<Int64>(1000)
        let timers = Timers { clock.load(ordering: .relaxed) }
        let rang = Monitor([String]())
        timers.after(milliseconds: 20) { rang.change { $0.append("b") } }
        timers.after(milliseconds: 10) { rang.change { $0.append("a") } }
        let canceled = timers.after(milliseconds: 15) { rang.change { $0.append("canceled") } }
        timers.after(milliseconds: .max) { rang.change { $0.append("never") } }
        timers.cancel(canceled)
        for (time, expected) in [(1009, []), (1010, ["a"]), (1030, ["a", "b"]), (9000, ["a", "b"])] {
            clock.store(Int64(time), ordering: .relaxed)
            timers.fire()
            #expect(rang.change { $0 } == expected)
        }
    }
}
