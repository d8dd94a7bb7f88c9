import Encodings
import HTTP

/// Takes a body out of its chunks (RFC 9112 section 7.1), strictly: sizes are hexadecimal digits, and lines end with CR LF.
///
/// Every byte is looked at once, however the bytes are cut. Extensions and trailer fields are read and forgotten.
struct ChunkedDecoder {
    static let lineLimit = 4096
    static let trailerLimit = 64 * 1024
    static let trailerCountLimit = 100
    /// Bytes of size lines beyond what the body justifies.
    static let overheadLimit = 16 * 1024

    enum Outcome: Equatable {
        case needsMore
        case complete
        case tooLong
    }

    private enum State {
        case size
        case data(remaining: Int)
        case dataEnd
        case trailer
    }

    private var state = State.size
    /// Bytes at the beginning of the input that are known to contain no line feed.
    private var scanned = 0
    private var overhead = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    /// Reads on.
    /// - Parameters:
    ///   - bytes: what is left of the input; the caller removes what was consumed, and passes the rest again.
    ///   - limit: bytes of the body.
    mutating func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, into body: inout [UInt8], limit: Int
    ) throws(HTTPRejection) -> (outcome: Outcome, consumed: Int) {
        var rest = bytes[...]
        while true {
            switch state {
            case .data(let remaining):
                let part = rest.prefix(remaining)
                body.append(contentsOf: UnsafeBufferPointer(rebasing: part))
                rest = rest[part.endIndex...]
                state = part.count == remaining ? .dataEnd : .data(remaining: remaining - part.count)
                guard part.count == remaining else { return (.needsMore, rest.startIndex) }
            case .dataEnd:
                guard rest.first ?? 13 == 13, rest.count < 2 || rest[rest.startIndex + 1] == 10 else {
                    throw HTTPRejection(.malformed, "malformed chunk; expected CR LF after its data")
                }
                guard rest.count >= 2 else { return (.needsMore, rest.startIndex) }
                rest = rest.dropFirst(2)
                state = .size
            case .size:
                guard let line = try nextLine(&rest, Self.lineLimit, Self.lineTooLong) else {
                    return (.needsMore, rest.startIndex)
                }
                let size = try readSize(line)
                guard size <= limit - body.count else { return (.tooLong, rest.startIndex) }
                state = size == 0 ? .trailer : .data(remaining: size)
            case .trailer:
                guard let line = try nextLine(&rest, Self.trailerLimit, Self.trailersTooLong) else {
                    return (.needsMore, rest.startIndex)
                }
                if line.count == 2 { return (.complete, rest.startIndex) }
                try readTrailer(line)
            }
        }
    }

    /// The next line with its CR LF; nil when there is none yet.
    private mutating func nextLine(
        _ rest: inout Bytes.Lines, _ limit: Int, _ tooLong: HTTPRejection
    ) throws(HTTPRejection) -> Bytes.Lines? {
        guard let end = Bytes.firstLineFeed(in: rest.dropFirst(scanned)) else {
            scanned = rest.count
            guard scanned <= limit else { throw tooLong }
            return nil
        }
        scanned = 0
        let line = rest[rest.startIndex...end]
        guard line.count <= limit else { throw tooLong }
        guard line.count >= 2, line[end - 1] == 13 else {
            throw HTTPRejection(.malformed, "malformed chunk; expected lines that end with CR LF")
        }
        rest = rest[(end + 1)...]
        return line
    }

    private static let trailersTooLong = HTTPRejection(
        .headTooLarge, "more than \(trailerCountLimit) trailer fields or \(trailerLimit) bytes of them")
    private static let lineTooLong = HTTPRejection(.malformed, "malformed chunk; a line is over \(lineLimit) bytes")

    private mutating func readSize(_ line: Bytes.Lines) throws(HTTPRejection) -> Int {
        let content = line.dropLast(2)
        let digits = Bytes.trimmed(content.prefix { $0 != UInt8(ascii: ";") })
        let malformed = HTTPRejection(.malformed, "malformed chunk size; expected hexadecimal digits")
        guard !content.contains(13), digits.startIndex == line.startIndex, (1...16).contains(digits.count) else {
            throw malformed
        }
        var size: UInt64 = 0
        for byte in digits {
            guard let digit = Bytes.hexadecimal(byte) else { throw malformed }
            size = size << 4 | digit
        }
        let clamped = Int(clamping: size)
        // As Go has it: a chunk of a byte in a line of 4,096 is an attack, and small chunks alone are not.
        overhead = max(0, overhead + line.count - 16 - min(clamped, Self.overheadLimit) * 2)
        guard overhead <= Self.overheadLimit else {
            throw HTTPRejection(.malformed, "malformed chunks; too many extensions")
        }
        return clamped
    }

    private mutating func readTrailer(_ line: Bytes.Lines) throws(HTTPRejection) {
        trailerBytes += line.count
        trailerCount += 1
        guard trailerBytes <= Self.trailerLimit, trailerCount <= Self.trailerCountLimit else {
            throw Self.trailersTooLong
        }
        let name = line.prefix { FieldSyntax.isTokenByte($0) }
        guard !name.isEmpty, line[name.endIndex] == UInt8(ascii: ":"), !line.dropLast(2).contains(13) else {
            throw HTTPRejection(.malformed, "malformed trailer field; expected \"Name: value\"")
        }
    }
}
