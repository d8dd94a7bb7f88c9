/// Paths of requests as Go's servers see them: decoded, and without segments that lead nowhere.
public enum GoPath {
    /// The decoded path; nil for a malformed escape.
    public static func decoded(_ path: String) -> [UInt8]? { URLEscaping.decoded(Array(path.utf8)[...], .path) }

    /// The path to which gorilla/mux redirects: without doubled slashes, `.` and `..`; nil when the path is clean already.
    public static func redirect(_ path: String) -> String? {
        guard !isPlain(path) else { return nil }
        guard let decoded = decoded(path), !decoded.isEmpty else { return nil }
        let slash = UInt8(ascii: "/")
        var clean: [UInt8] = []
        clean.reserveCapacity(decoded.count + 1)
        var start = 0
        while start < decoded.count {
            let end = decoded[start...].firstIndex(of: slash) ?? decoded.count
            let segment = decoded[start..<end]
            if segment.elementsEqual("..".utf8) {
                clean.removeLast(clean.count - (clean.lastIndex(of: slash) ?? 0))
            } else if !segment.isEmpty, !segment.elementsEqual(".".utf8) {
                clean.append(slash)
                clean += segment
            }
            start = end + 1
        }
        if clean.isEmpty || decoded.last == slash { clean.append(slash) }
        return clean == decoded ? nil : URLEscaping.encoded(clean, .path)
    }

    /// Whether a path is clean beyond doubt, as nearly all are: it begins with a slash, and has no escapes and no segment that is empty or begins with a dot.
    private static func isPlain(_ path: String) -> Bool {
        var last: UInt8 = 0
        guard path.utf8.first == UInt8(ascii: "/") else { return false }
        return !path.containsByte { byte in
            defer { last = byte }
            if byte == UInt8(ascii: "%") || byte >= 0x80 { return true }
            return last == UInt8(ascii: "/") && (byte == UInt8(ascii: "/") || byte == UInt8(ascii: "."))
        }
    }
}
