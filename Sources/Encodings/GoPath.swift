/// Paths of requests as Go's servers see them: decoded, and without segments that lead nowhere.
public enum GoPath {
    /// The decoded path; nil for a malformed escape.
    public static func decoded(_ path: String) -> [UInt8]? { URLEscaping.decoded(Array(path.utf8)[...], .path) }

    /// The path to which gorilla/mux redirects: without doubled slashes, `.` and `..`; nil when the path is clean already.
    public static func redirect(_ path: String) -> String? {
        guard let decoded = decoded(path), !decoded.isEmpty else { return nil }
        let slash = UInt8(ascii: "/")
        var segments: [ArraySlice<UInt8>] = []
        for segment in decoded.split(separator: slash) {
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else if !segment.elementsEqual(".".utf8) {
                segments.append(segment)
            }
        }
        var clean = segments.flatMap { [slash] + $0 }
        if clean.isEmpty || decoded.last == slash { clean.append(slash) }
        return clean == decoded ? nil : URLEscaping.encoded(clean, .path)
    }
}
