import OAuth
import Testing

@Suite struct SecretTests {
    private struct Holder { let secret: Secret }

    @Test("a secret is redacted however it is printed")
    func redacted() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(Holder(secret: secret), to: &dumped)
        dump([secret], to: &dumped)
        let prints = [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\(Holder(secret: secret))",
            "\([secret])", "\(Optional(secret) as Any)",
            dumped, "\(Mirror(reflecting: secret).children.map { "\($0)" })",
        ]
        for text in prints { #expect(!text.contains("hunter2"), "\(text)") }
        #expect("\(secret)" == "<redacted>")
        #expect(secret.exposed == "hunter2")
        #expect(!secret.isEmpty && Secret("").isEmpty)
    }
}
