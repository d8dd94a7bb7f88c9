import OAuth
import Testing

@Suite struct MediaTypeTests {
    @Test(
        "the type and subtype of a media type are returned in lower case",
        arguments: [
            ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
            ("Application/JSON", "application/json"),
            ("application/json; charset=utf-8", "application/json"), (" text/plain ;charset=\"utf-8\" ", "text/plain"),
            ("text/plain;", "text/plain"),
            ("text/plain; ", "text/plain"), ("text", "text"),
            ("multipart/form-data; boundary=a; x=y", "multipart/form-data"),
            ("a/b; x=\"p;q\"", "a/b"), ("a/b; x=\"p\\\"q\"", "a/b"), ("a/b; x = y", "a/b"), ("a/b; x=\"\"", "a/b"),
            ("a/b; x=1; X=1", "a/b"),
        ])
    func good(header: String, type: String) {
        #expect(MediaType.parse(header) == .type(type))
    }

    @Test("a header of more than 16 KiB is malformed") func long() {
        let start = "text/plain; x="
        let value = String(repeating: "y", count: 16_384 - start.utf8.count)
        #expect(MediaType.parse(start + value) == .type("text/plain"))
        #expect(MediaType.parse(start + value + "y") == .malformed)
    }

    @Test("an absent or empty header means bytes of unknown type", arguments: [nil, ""] as [String?])
    func absent(header: String?) {
        #expect(MediaType.parse(header) == .type("application/octet-stream"))
    }

    @Test(
        "a header that Go's ParseMediaType refuses is malformed",
        arguments: [
            "/", "text/", "/plain", "text/plain/x", "text plain", "text/pl ain", "a/b;;", "a/b; x", "a/b; =y",
            "a/b; x=", "a/b; x=y z", "a/b; x=\"open",
            "a/b; x=\"y\"z", ";x=y", "a/b, c/d", "a/b; x=1; x=2", "a@b/c", "é/b", " ",
        ])
    func malformed(header: String) {
        #expect(MediaType.parse(header) == .malformed)
    }
}
