import Encodings
import Testing

@Suite struct JSONPointerTests {
    @Test(
        "a slash and a tilde in a name are escaped, whatever follows them",
        arguments: [
            ("a", "/x/a"), ("", "/x/"), ("a/b", "/x/a~1b"), ("m~n", "/x/m~0n"), ("~1", "/x/~01"),
            ("/\u{301}", "/x/~1\u{301}"), ("~\u{301}", "/x/~0\u{301}"), ("\u{E9} \"", "/x/\u{E9} \""),
        ])
    func appending(name: String, pointer: String) {
        #expect(JSONPointer.appending(name, to: "/x").utf8.elementsEqual(pointer.utf8))
    }
}
