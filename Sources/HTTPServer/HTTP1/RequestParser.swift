import HTTP

/// Takes requests out of the bytes of a connection. Pure: it decides, and the owner of the socket acts.
///
/// Every byte is copied and looked at a bounded number of times, and nothing is kept of what was returned.
struct RequestParser {
    /// What the bytes so far make.
    enum Event {
        case needsMore
        /// The client waits for `100 Continue` before it sends the body.
        case expectsContinue
        case request(HTTPRequest, keepsAlive: Bool, isHTTP10: Bool)
        /// No further request can be read: answer with this and close.
        case failure(HTTPRejection)
    }

    /// How far the present request has come.
    enum Progress: Equatable {
        case idle
        case head
        /// Bytes of the body that have come.
        case body(received: Int)
    }

    /// Request line and header fields together.
    static let headLimit = 1 << 20
    /// Empty lines before a request.
    private static let emptyLineLimit = 16

    private enum State {
        case head
        case body(remaining: Int)
        case chunks(ChunkedDecoder)
    }

    private let bodyLimit: Int
    private var state = State.head
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to where the end of the head was looked for.
    private var scanned = 0
    private var line: RequestLine?
    /// Where the header fields begin, after the request line.
    private var fieldsStart = 0
    private var emptyLines = 0
    private var head: RequestHead?
    private var headSize = 0
    private var body: [UInt8] = []

    /// - Parameter bodyLimit: a longer body is not read; the request says so.
    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    var progress: Progress {
        switch state {
        case .head: start < buffer.count ? .head : .idle
        case .body, .chunks: .body(received: body.count)
        }
    }

    /// Bytes of memory that the connection's input takes.
    var held: Int { buffer.capacity + body.capacity + headSize }

    /// What is known of the request that is being read, for the log.
    var partial: (method: String, path: String) {
        (head?.request.method ?? line?.method ?? "", head?.request.path ?? line?.path ?? "")
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        var rest = bytes[...]
        if case .body(let remaining) = state, start == buffer.count {
            let part = rest.prefix(remaining)
            reserve(part.count, of: remaining)
            body.append(contentsOf: UnsafeBufferPointer(rebasing: part))
            state = .body(remaining: remaining - part.count)
            rest = rest[part.endIndex...]
        }
        guard !rest.isEmpty else { return }
        compact()
        buffer.append(contentsOf: UnsafeBufferPointer(rebasing: rest))
    }

    /// What the bytes so far make. Call it until it says `needsMore` or `failure`.
    mutating func next() -> Event {
        do throws(HTTPRejection) {
            let event =
                switch state {
                case .head: try nextHead()
                case .body(let remaining): nextBody(remaining)
                case .chunks(let decoder): try nextChunk(decoder)
                }
            if case .needsMore = event { compact() }
            return event
        } catch {
            var error = error
            if error.method.isEmpty { (error.method, error.path) = partial }
            discard()
            return .failure(error)
        }
    }

    /// Forgets all input.
    mutating func discard() {
        self = RequestParser(bodyLimit: bodyLimit)
    }

    /// Gives back the memory of what was consumed.
    private mutating func compact() {
        guard start > 0 else { return }
        if start == buffer.count {
            buffer = []
        } else if buffer.capacity > 4096, (buffer.count - start) * 4 < buffer.capacity {
            buffer = Array(buffer[start...])
        } else {
            buffer.removeSubrange(..<start)
        }
        scanned = max(0, scanned - start)
        fieldsStart = max(0, fieldsStart - start)
        start = 0
    }

    // MARK: Head

    private mutating func nextHead() throws(HTTPRejection) -> Event {
        try skipEmptyLines()
        guard try !ProxyPreamble.isBeginning(of: buffer[start...], after: emptyLines) else { return .needsMore }
        try readRequestLine()
        guard let line, let end = endOfHead() else {
            guard buffer.count - start <= Self.headLimit else { throw Self.headTooLarge }
            return .needsMore
        }
        guard end - start <= Self.headLimit else { throw Self.headTooLarge }
        let fields = fieldsStart..<max(end, fieldsStart)
        let head = try buffer.withBytes { bytes throws(HTTPRejection) in
            try RequestHead(line, fields: UnsafeBufferPointer(rebasing: bytes[fields]))
        }
        headSize = end - start
        // `end` is at the empty line, which is LF or CR LF.
        start = end + (buffer[end] == 10 ? 1 : 2)
        (scanned, emptyLines, self.line) = (start, 0, nil)
        return try begin(head)
    }

    private static let headTooLarge = HTTPRejection(.headTooLarge, "request head over \(headLimit) bytes")

    /// Empty lines before a request are forgiven (RFC 9112 section 2.2), a few of them.
    private mutating func skipEmptyLines() throws(HTTPRejection) {
        guard line == nil else { return }
        while start < buffer.count {
            if buffer[start] == 10 {
                start += 1
            } else if buffer[start] == 13, start + 1 < buffer.count, buffer[start + 1] == 10 {
                start += 2
            } else {
                break
            }
            emptyLines += 1
            guard emptyLines <= Self.emptyLineLimit else {
                throw HTTPRejection(.malformed, "empty lines instead of a request")
            }
        }
        scanned = max(scanned, start)
    }

    /// Reads the first line as soon as it is there, so that a client that does not speak HTTP need not wait for its answer.
    private mutating func readRequestLine() throws(HTTPRejection) {
        guard line == nil, start < buffer.count else { return }
        if buffer[start] == 0x16, start + 1 < buffer.count, buffer[start + 1] == 3 {
            throw HTTPRejection(
                .tlsHandshake, "Client sent a TLS handshake to an HTTP server; use http:// instead of https://")
        }
        let (from, start) = (scanned, start)
        let read = try buffer.withBytes { bytes throws(HTTPRejection) -> (RequestLine, Int)? in
            guard let end = Bytes.firstLineFeed(in: bytes[from...]) else { return nil }
            guard end - start <= Self.headLimit else { throw Self.headTooLarge }
            var rest = bytes[start...end]
            guard let first = Bytes.takeLine(&rest) else { return nil }
            return (try RequestLine(first), end)
        }
        guard let read else {
            scanned = buffer.count
            return
        }
        line = read.0
        fieldsStart = read.1 + 1
        scanned = read.1
    }

    /// Where the empty line after the head begins.
    private mutating func endOfHead() -> Int? {
        let from = scanned
        let (end, next) = buffer.withUnsafeBufferPointer { bytes -> (Int?, Int) in
            var position = from
            while let feed = Bytes.firstLineFeed(in: bytes[position...]) {
                guard feed + 1 < bytes.count else { return (nil, feed) }
                if bytes[feed + 1] == 10 { return (feed + 1, feed) }
                if bytes[feed + 1] == 13 {
                    guard feed + 2 < bytes.count else { return (nil, feed) }
                    if bytes[feed + 2] == 10 { return (feed + 1, feed) }
                }
                position = feed + 1
            }
            return (nil, bytes.count)
        }
        scanned = next
        return end
    }

    // MARK: Body

    private mutating func begin(_ head: RequestHead) throws(HTTPRejection) -> Event {
        self.head = head
        switch head.framing {
        case .none: return complete()
        case .length(let length):
            guard length <= bodyLimit else { return tooLong() }
            state = .body(remaining: length)
            if head.expectsContinue, buffer.count - start < length { return .expectsContinue }
        case .chunked:
            state = .chunks(ChunkedDecoder())
            if head.expectsContinue { return .expectsContinue }
        }
        return next()
    }

    /// Grows the body by doubling, but not beyond its announced length.
    private mutating func reserve(_ count: Int, of remaining: Int) {
        guard body.count + count > body.capacity else { return }
        body.reserveCapacity(min(body.count + remaining, max(4096, body.count + count, 2 * body.capacity)))
    }

    private mutating func nextBody(_ remaining: Int) -> Event {
        let count = min(remaining, buffer.count - start)
        reserve(count, of: remaining)
        body.append(contentsOf: buffer[start..<start + count])
        start += count
        guard count == remaining else {
            state = .body(remaining: remaining - count)
            return .needsMore
        }
        return complete()
    }

    private mutating func nextChunk(_ given: ChunkedDecoder) throws(HTTPRejection) -> Event {
        var decoder = given
        let (start, limit) = (start, bodyLimit)
        // Taken out, so that it is not copied when it grows.
        var body = body
        self.body = []
        defer { self.body = body }
        let (outcome, consumed) = try buffer.withBytes { bytes throws(HTTPRejection) in
            try decoder.decode(UnsafeBufferPointer(rebasing: bytes[start...]), into: &body, limit: limit)
        }
        self.start += consumed
        state = .chunks(decoder)
        switch outcome {
        case .needsMore: return .needsMore
        case .complete:
            swap(&self.body, &body)
            return complete()
        case .tooLong:
            body = []
            return tooLong()
        }
    }

    private mutating func complete() -> Event {
        guard var head else { return .needsMore }
        head.request.body = body
        finish()
        return .request(head.request, keepsAlive: head.keepsAlive, isHTTP10: head.isHTTP10)
    }

    private mutating func tooLong() -> Event {
        guard var head else { return .needsMore }
        head.request.bodyIsTooLong = true
        finish()
        return .request(head.request, keepsAlive: false, isHTTP10: head.isHTTP10)
    }

    private mutating func finish() {
        (state, head, headSize, body) = (.head, nil, 0, [])
        scanned = start
    }
}
