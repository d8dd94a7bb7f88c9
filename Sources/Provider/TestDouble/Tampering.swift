import Encodings
import JOSE

/// Changes a signed token afterwards, so that its signature no longer fits.
enum Tampering {
    /// A JWT with a claim changed under the old signature.
    static func changed(_ jwt: String, claim: String, to value: JSON) -> String {
        let segments = jwt.split(separator: ".", omittingEmptySubsequences: false)
        guard segments.count == 3, let payload = Base64.urlDecoded(Array(segments[1].utf8)),
            let claims = (try? JSONParser.parse(payload))?.object
        else { return jwt }
        let changed = Base64.urlEncoded(JSON.object(claims.replacing([claim: value])).bytes())
        return "\(segments[0]).\(changed).\(segments[2])"
    }

    /// An opaque token with its last letters changed.
    static func changed(opaque text: String) -> String {
        String(text.dropLast(8)) + (text.hasSuffix("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA")
    }
}
