/// JSON pointers (RFC 6901).
public enum JSONPointer {
    /// The pointer to a member of the object that another pointer means.
    public static func appending(_ name: String, to pointer: String) -> String {
        var result = pointer + "/"
        // Scalar by scalar: a combining mark after a slash makes one character of both.
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
