import Encodings

/// ZITADEL's database refuses a text with a NUL character, to keep it and to look for it alike, and the request fails.
/// - Parameter name: what the text is in a sentence, such as "the client id".
/// - Throws: `Rejection` with `text_with_nul`
func refuseNUL(in text: String, of name: String, variant: Rejection.Variant? = nil) throws(Rejection) {
    guard text.containsByte(where: { $0 == 0 }) else { return }
    throw Rejection(.textWithNUL, "\(name) has a NUL character, which ZITADEL's database refuses", variant: variant)
}
