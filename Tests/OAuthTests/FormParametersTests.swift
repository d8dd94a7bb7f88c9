import OAuth
import Testing

@Suite struct FormParametersTests {
    @Test("parameters of the body come before those of the query")
    func order() throws {
        let form = try FormParameters(body: "a=1&b=2&a=3".utf8, query: "a=4&c=5".utf8)
        #expect(form.first("a") == "1")
        #expect(form.last("a") == "4")
        #expect(form.all("a") == ["1", "3", "4"])
        #expect(form.last("b") == "2")
        #expect(form.first("c") == "5")
        #expect(form.last("d") == nil && form.first("d") == nil && form.all("d").isEmpty)
    }

    @Test("isInQuery says where a parameter is, and a parameter in body and query counts as both")
    func isInQuery() throws {
        let form = try FormParameters(body: "a=1&both=1".utf8, query: "b=2&both=2".utf8)
        #expect(!form.isInQuery("a"))
        #expect(form.isInQuery("b"))
        #expect(form.isInQuery("both"))
        #expect(!form.isInQuery("absent"))
    }

    @Test("the last value of a parameter is available as it was sent, too") func raw() throws {
        let form = try FormParameters(body: "a=1+%41&b=x%2By&c=".utf8, query: "a=2+%42".utf8)
        #expect(form.lastRaw("A") == "2+%42")
        #expect(form.lastRaw("b") == "x%2By")
        #expect(form.lastRaw("c") == "")
        #expect(form.lastRaw("d") == nil)
    }

    @Test(
        "pairs are read as Go's ParseQuery reads them",
        arguments: [
            ("a=b=c", "a", "b=c"), ("a", "a", ""), ("a=", "a", ""), ("&&a=1&&", "a", "1"), ("=x", "", "x"),
            ("a+b=c+d", "a b", "c d"),
            ("%61=%3B", "a", ";"), ("a=%26", "a", "&"), ("A=1", "A", "1"), ("a=%C3%A9", "a", "é"),
        ])
    func pairs(text: String, name: String, value: String) throws {
        #expect(try FormParameters(body: text.utf8, query: "".utf8).last(name) == value)
        #expect(try FormParameters(body: "".utf8, query: text.utf8).last(name) == value)
    }

    @Test("parameter names may be in any letter case except grant_type, and empty values are not list elements")
    func names() throws {
        let form = try FormParameters(
            body: "A=1&audience=&Audience=x&GRANT_TYPE=x&To\u{212A}en=t&b=1&B=2&b=3".utf8, query: "".utf8)
        #expect(form.last("a") == "1")
        #expect(form.last("token") == "t")
        #expect(form.last("b") == "3", "the last one wins, whatever its spelling")
        #expect(form.first("grant_type") == nil)
        #expect(form.all("audience") == ["x"])
    }

    @Test("parameters that are stored or repeated in URLs are limited in size, exactly to the byte")
    func keptLimits() throws {
        for (name, limit) in FormParameters.keptLimits {
            let value = String(repeating: "x", count: limit)
            #expect(try FormParameters(body: "\(name)=\(value)".utf8, query: "".utf8).last(name) == value)
            #expect(throws: FormParameters.Unreadable.self, "\(name)") {
                try FormParameters(body: "".utf8, query: "\(name.uppercased())=\(value)x".utf8)
            }
        }
    }

    @Test(
        "an unescaped ';' or a malformed escape makes a form unreadable",
        arguments: ["a=1;b=2", ";", "a=%", "a=%2", "%zz=1", "a=1&b=%G1"])
    func unreadable(text: String) {
        #expect(throws: FormParameters.Unreadable.self) { try FormParameters(body: text.utf8, query: "".utf8) }
        #expect(throws: FormParameters.Unreadable.self) { try FormParameters(body: "".utf8, query: text.utf8) }
    }

    @Test("body and query together may have 10,000 parameters, not counting empty ones")
    func countLimit() throws {
        let body = Array(repeating: "a=1", count: 9_999).joined(separator: "&&")
        #expect(try FormParameters(body: body.utf8, query: "b=2&&".utf8).last("b") == "2")
        #expect(throws: FormParameters.Unreadable.self) { try FormParameters(body: body.utf8, query: "b=2&c=3".utf8) }
        let separators = [UInt8](repeating: UInt8(ascii: "&"), count: FormParameters.bodyLimit)
        #expect(try FormParameters(body: separators + Array("x=1".utf8), query: []).last("x") == "1")
    }

    @Test("a name or value may have 4 MiB")
    func parameterLimit() throws {
        let longest = String(repeating: "x", count: FormParameters.parameterLimit)
        #expect(try FormParameters(body: "a=\(longest)".utf8, query: "".utf8).last("a") == longest)
        for text in ["a=\(longest)x", "\(longest)x=a", "\(longest)x"] {
            #expect(throws: FormParameters.Unreadable.self) { try FormParameters(body: text.utf8, query: "".utf8) }
        }
    }

    @Test(
        "the error for an unreadable form says what is wrong and how to fix it",
        arguments: [
            ("a;b", "a raw ';' does not separate parameters; separate them by '&', or write %3B for a ';' in a value"),
            ("a=%", "a '%' is not followed by two hexadecimal digits; write %25"),
            ("%zz=a", "a '%' is not followed by two hexadecimal digits; write %25"),
            ("a=COMBINING", "there are more than 64 combining characters in a row"),
        ])
    func reasons(body: String, reason: String) {
        let body = body.replacing("COMBINING", with: "e" + String(repeating: "\u{301}", count: 65))
        #expect {
            _ = try FormParameters(body: body.utf8, query: "".utf8)
        } throws: {
            ($0 as? FormParameters.Unreadable)?.reason == reason
        }
    }
}
