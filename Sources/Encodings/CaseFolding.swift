extension String {
    /// The text with all letters of ASCII in lower case, and with the two letters beyond ASCII that Go's `EqualFold` takes for ASCII ones: names that differ in
    /// nothing else are the same to its decoders of JSON and of forms.
    public var caseFolded: String {
        guard utf8.contains(where: { $0 >= 0x80 || (0x41...0x5A).contains($0) }) else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar {
                    case "A"..."Z": UnicodeScalar(UInt8(scalar.value) | 0x20)
                    case "\u{212A}": "k"
                    case "\u{017F}": "s"
                    default: scalar
                    }
                }))
    }
}
