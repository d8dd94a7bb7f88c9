import Glibc
import System

extension Program {
    /// Milliseconds until a program that does not say what is expected is killed.
    private static let patience: Int64 = 60_000

    /// The next line of standard output that contains a text; waits for it. Lines before it are lost.
    ///
    /// A program that does not print it within a minute is killed, so that a test fails and does not hang.
    /// - Returns: nil when the program ends before it prints such a line.
    func line(containing text: String) -> String? {
        let isOver = Monitor(false)
        let watch = try? Thread { [id] in
            if isOver.wait(milliseconds: Self.patience, { $0 ? true : nil }) == nil { kill(id, SIGKILL) }
        }
        defer {
            isOver.change { $0 = true }
            watch?.join()
        }
        while let line = line() {
            if line.contains(text) { return line }
        }
        return nil
    }
}
