import Encodings
import Glibc
import Model
import ResourceFormat
import Seeding
import System
import TestSupport
import Testing

/// What can be given as a seed: folders, pipes, texts.
@Suite struct SeedSourceTests {
    private let folder = TemporaryFolder()
    private static let empty = #"{"organizations": []}"#

    private func problems(_ paths: [String]) -> [String] {
        SeedReading.problems(paths: paths).map { $0.replacing(folder.path + "/", with: "") }
    }

    @Test("a folder or file that may not be read is reported, and not taken as empty")
    func permissions() {
        chmod(folder.path, 0o711)
        folder.write(Self.empty, to: "seed/a.json")
        let file = folder.write(Self.empty, to: "b.json")
        let advice = "Permission denied; make it readable for this user (uid \(getuid()))"
        for mode: mode_t in [0, 0o111] {
            chmod(folder.path + "/seed", mode)
            #expect(withoutRoot { problems([folder.path + "/seed"]) } == ["seed: \(advice)"])
        }
        chmod(file, 0)
        #expect(withoutRoot { problems([file]) } == ["b.json: \(advice)"])
        chmod(folder.path + "/seed", 0o755)
    }

    @Test("a pipe in a folder is skipped, and a pipe that is named itself is read")
    func pipes() throws {
        folder.write(Self.empty, to: "seed/a.json")
        #expect(mkfifo(folder.path + "/seed/b.json", 0o600) == 0)
        #expect(try SeedReading.load([folder.path + "/seed"]).files == [folder.path + "/seed/a.json"])
        let pipe = folder.path + "/seed/b.json"
        let writer = try Thread {
            let descriptor = open(pipe, O_WRONLY | O_CLOEXEC)
            let text = Array(#"{"organizations": [{"name": "Piped"}]}"#.utf8)
            _ = text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
        }
        #expect(try SeedReading.load([pipe]).resources.organizations.map(\.name) == ["Piped"])
        writer.join()
    }

    @Test("a dangling link is a problem, and so is a file name that is not UTF-8")
    func names() {
        folder.write(Self.empty, to: "seed/a.json")
        symlink("nowhere", folder.path + "/seed/b.json")
        var name = Array((folder.path + "/seed/caf").utf8.map { CChar(bitPattern: $0) })
        name += [-1] + ".json".utf8.map { CChar(bitPattern: $0) } + [0]
        close(open(name, O_WRONLY | O_CREAT, 0o644))
        #expect(
            problems([folder.path + "/seed"]) == [
                "seed/b.json: is a link to nowhere, which is not there; name a seed file or folder with --seed, or start with --no-seed",
                "seed/caf\u{FFFD}.json: has a name that is not UTF-8; rename it",
            ])
    }

    static let texts: [(text: String, start: String)] = [
        ("'{\"organizations\": []}'", ":1:1: invalid JSON: begins with a quote; leave out the quotes around the seed"),
        ("\"{\\\"organizations\\\": []}\"", ":1:1: invalid JSON: begins with a quote; leave out"),
        ("[{\"name\": \"A:B\"}]", ": /: is an array; expected an object"),
        (" \n{\"organizations\": [}", ":2:20: invalid JSON: "),
        ("seed: {\"organizations\": []}", ":1:1: invalid JSON: unexpected character 's'"),
    ]

    @Test(
        "text with a brace that is not a path is read as a seed, and its problem is reported once",
        arguments: texts.indices)
    func inline(index: Int) {
        let (text, start) = Self.texts[index]
        let problems = problems([text])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("MOCK_ZITADEL_SEED" + start) == true, "\(problems)")
    }

    @Test("a text may begin with a byte order mark, and a path may contain braces")
    func notInline() throws {
        #expect(problems(["\u{FEFF}" + Self.empty]) == [])
        #expect(problems([folder.write(Self.empty, to: "{a}.json")]) == [])
        #expect(problems(["seed/${NAME}.json"]).first?.hasPrefix("seed/${NAME}.json: no such file") == true)
    }

    @Test("each of several seeds given as text is reported with its number")
    func numbers() {
        #expect(
            problems([Self.empty, "{\"organizations\": 1}"]) == [
                "MOCK_ZITADEL_SEED 2: /organizations: is a number; expected an array"
            ])
    }

    @Test("UTF-16 and UTF-32 are named, with and without a byte order mark")
    func wide() {
        func write(_ bytes: [UInt8]) -> String {
            let path = folder.write("", to: "wide.json")
            let descriptor = open(path, O_WRONLY | O_TRUNC)
            _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            return path
        }
        let two = "wide.json: is UTF-16; save it as UTF-8"
        let four = "wide.json: is UTF-32; save it as UTF-8"
        #expect(problems([write(Self.empty.utf8.flatMap { [$0, 0] })]) == [two])
        #expect(problems([write(Self.empty.utf8.flatMap { [0, $0] })]) == [two])
        #expect(problems([write([0xFE, 0xFF] + Self.empty.utf8.flatMap { [0, $0] })]) == [two])
        #expect(problems([write([0xFF, 0xFE, 0, 0] + Self.empty.utf8.flatMap { [$0, 0, 0, 0] })]) == [four])
        #expect(problems([write([0, 0, 0xFE, 0xFF] + Self.empty.utf8.flatMap { [0, 0, 0, $0] })]) == [four])
        #expect(problems([write(Self.empty.utf8.flatMap { [$0, 0, 0, 0] })]) == [four])
    }
}
