/// Bytes that a client has not taken yet. Bodies are kept as they are, not copied.
struct OutputQueue {
    private var pieces: [[UInt8]] = []
    private var first = 0
    private var sent = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Bytes of memory that it takes.
    var held: Int { count + sent }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        count += bytes.count
        if bytes.count < 4096, let last = pieces.indices.last, last >= first, pieces[last].count < 16 << 10 {
            pieces[last] += bytes
        } else {
            pieces.append(bytes)
        }
    }

    /// What comes next; empty at the end.
    func withNext<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard first < pieces.count else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return pieces[first].withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
    }

    /// Removes bytes that were sent: no more than `withNext` gave.
    mutating func remove(_ bytes: Int) {
        count -= bytes
        sent += bytes
        guard first < pieces.count, sent == pieces[first].count else { return }
        sent = 0
        pieces[first] = []
        first += 1
        if first == pieces.count { (pieces, first) = ([], 0) }
    }

    mutating func removeAll() { self = OutputQueue() }
}
