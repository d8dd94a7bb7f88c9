import System
import Testing

@Suite struct MonitorTests {
    @Test("a waiting thread continues when another one makes the awaited change")
    func wait() throws {
        let monitor = Monitor(0)
        let thread = try Thread { for _ in 0..<100 { monitor.change { $0 += 1 } } }
        #expect(monitor.wait { $0 == 100 ? "all" : nil } == "all")
        thread.join()
    }

    @Test("waiting ends at its time-out")
    func timeout() {
        #expect(Monitor(0).wait(milliseconds: 1) { $0 > 0 ? true : nil } == nil)
        #expect(Monitor(1).wait(milliseconds: 0) { $0 > 0 ? true : nil } == true)
    }
}
