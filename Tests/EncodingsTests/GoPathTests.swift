import Encodings
import Testing

/// Which paths gorilla/mux redirects, and to what.
@Suite struct GoPathTests {
    @Test(
        "a clean path is not redirected",
        arguments: ["/", "/a", "/a/", "/a/b", "/a.b/..c/.d/e..", "/%41/b%20c", "/a%2Fb", "/...", ""])
    func clean(path: String) {
        #expect(GoPath.redirect(path) == nil)
    }

    static let unclean: [(path: String, target: String)] = [
        ("//", "/"), ("/.", "/"), ("/..", "/"), ("/./", "/"), ("//a", "/a"), ("/a//", "/a/"), ("/a//b", "/a/b"),
        ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/../../b", "/b"), ("/a/b/../", "/a/"), ("/a/b/..", "/a"),
        ("/a/.", "/a"), ("a", "/a"), ("a/../b", "/b"), ("/a%2F%2Fb", "/a/b"), ("/%2E%2E/a", "/a"),
        ("//\u{E9} b", "/%C3%A9%20b"),
    ]

    @Test("an unclean path is redirected to the clean one", arguments: unclean.indices)
    func redirect(index: Int) {
        let (path, target) = Self.unclean[index]
        #expect(GoPath.redirect(path) == target)
    }

    @Test("a path that cannot be decoded is not redirected") func malformed() {
        #expect(GoPath.redirect("//%zz") == nil)
    }
}
