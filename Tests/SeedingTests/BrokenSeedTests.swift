import Encodings
import Glibc
import Seeding
import TestSupport
import Testing

/// Every file `Broken/NAME.json` is refused with exactly the lines of `Broken/NAME.txt`.
///
/// `syntax-` files are not JSON, `schema-` files break a rule that the JSON Schema has too, `semantic-` files one that only the server can check.
/// Scripts/check-schema.py holds the schema against the same files.
@Suite struct BrokenSeedTests {
    private static let folder = packageRoot + "/Tests/SeedingTests/Broken"

    static let names: [String] = {
        var names: [String] = []
        guard let folder = opendir(folder) else { return [] }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".json") { names.append(String(name.dropLast(5))) }
        }
        return names.sorted()
    }()

    @Test("an invalid seed is refused with one line for each problem", arguments: names)
    func rejection(name: String) throws {
        let expected = try #require(readText("\(Self.folder)/\(name).txt")).split(separator: "\n").map(String.init)
        let lines = SeedReading.problems(paths: ["\(Self.folder)/\(name).json"]).map {
            $0.replacing("\(Self.folder)/", with: "")
        }
        #expect(lines == expected)
        #expect(!expected.isEmpty)
    }

    @Test("there is an invalid seed for every check")
    func count() {
        for (prefix, least) in [("syntax-", 8), ("schema-", 60), ("semantic-", 60)] {
            #expect(Self.names.count { $0.hasPrefix(prefix) } >= least)
        }
    }

    @Test("a missing file and a folder without seeds are reported, next to a valid file")
    func files() {
        let folder = TemporaryFolder()
        folder.write("{}", to: "empty/schema.json")
        let good = folder.write(#"{"organizations": []}"#, to: "good.json")
        #expect(
            SeedReading.problems(paths: [good, folder.path + "/none.json", folder.path + "/empty"]) == [
                "\(folder.path)/none.json: no such file; name a seed file or folder with --seed, or start with --no-seed",
                "\(folder.path)/empty: the folder holds no seed; expected *.json files",
            ])
    }

    @Test("a name that is in two files is reported with the other file")
    func duplicatesAcrossFiles() {
        let folder = TemporaryFolder()
        let first = folder.write(#"{"organizations": [{"id": "1", "name": "A"}]}"#, to: "a.json")
        let second = folder.write(#"{"organizations": [{"id": "1", "name": "B"}]}"#, to: "b.json")
        let line =
            "\(second): /organizations/0/id: \"1\" is already the id of an organization at \(first) /organizations/0/id; expected a unique one, or the same name and type, to extend what the earlier file has"
        #expect(SeedReading.problems(paths: [folder.path]) == [line])
    }

    @Test("problems of all files are reported, in the order of the files")
    func severalFiles() {
        let folder = TemporaryFolder()
        let first = folder.write(#"{"organizations": [{"name": ""}]}"#, to: "a.json")
        let second = folder.write(#"{"organizations": [{"colour": "B"}]}"#, to: "b.json")
        #expect(
            SeedReading.problems(paths: [folder.path]) == [
                "\(first): /organizations/0/name: is empty; expected a name",
                "\(second): /organizations/0/colour: unknown member; known are id, name, primaryDomain, domains, state, userLoginMustBeDomain, projects, users, and names that start with x-",
                "\(second): /organizations/0: has no member \"name\" or \"id\"; at least one of them is required",
            ])
    }
}
