import Synchronization

/// A new entry of a journal as all its observers get it, with the text that some of them make of it: one time for all.
public final class JournalNotice: Sendable {
    public let entry: JournalEntry
    private let made = Mutex<[UInt8]?>(nil)

    init(_ entry: JournalEntry) {
        self.entry = entry
    }

    /// The text that the first caller made.
    public func text(_ make: (JournalEntry) -> [UInt8]) -> [UInt8] {
        made.withLock { made in
            if let made { return made }
            let text = make(entry)
            made = text
            return text
        }
    }
}
