import Glibc
import Seeding
import TestSupport
import Testing

/// How large a seed may be.
@Suite struct SeedSizeTests {
    private let folder = TemporaryFolder()

    /// A file that takes no room on the disk: what it begins with, and then zeros.
    private func sparse(_ name: String, megabytes: Int, extra: Int = 0, beginning: [UInt8] = []) -> String {
        let path = folder.write("", to: name)
        let descriptor = open(path, O_WRONLY | O_TRUNC)
        _ = beginning.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        _ = ftruncate(descriptor, (megabytes << 20) + extra)
        close(descriptor)
        return path
    }

    @Test("a file of more than 16 MiB is not read") func file() {
        let path = sparse("a.json", megabytes: 16, extra: 1)
        #expect(
            SeedReading.problems(paths: [path]) == [
                "\(path): over 16 MiB; name a seed file or folder with --seed, or start with --no-seed"
            ])
    }

    @Test("files of more than 64 MiB together are refused at the one that is too much") func together() {
        // What is compressed is refused at once, so that nothing is parsed.
        for name in ["a", "b", "c", "d", "e"] {
            _ = sparse("s/\(name).json", megabytes: name == "e" ? 1 : 16, beginning: [0x1F, 0x8B])
        }
        let problems = SeedReading.problems(paths: [folder.path + "/s"])
        #expect(problems.count == 5)
        #expect(problems[0].contains("compressed") && problems[3].contains("compressed"))
        #expect(problems[4] == "\(folder.path)/s/e.json: the files of the seed have more than 64 MiB in all")
    }

    @Test("a folder of 1000 files is read, and one of 1001 is not") func files() {
        for number in 0..<1000 { folder.write(#"{"organizations": []}"#, to: "s/\(number).json") }
        #expect(SeedReading.problems(paths: [folder.path + "/s"]) == [])
        folder.write(#"{"organizations": []}"#, to: "s/1000.json")
        #expect(
            SeedReading.problems(paths: [folder.path + "/s"]) == [
                "\(folder.path)/s: the folder holds 1001 JSON files; at most 1000 are read"
            ])
    }
}
