import System
import Testing

@Suite struct TimersTests {
    @Test("the first timer fires although nothing else happens") func first() {
        let timers = Timers()
        let rang = Monitor(false)
        timers.after(milliseconds: 20) { rang.change { $0 = true } }
        #expect(rang.wait(milliseconds: 60_000) { $0 ? true : nil } == true)
    }
}
