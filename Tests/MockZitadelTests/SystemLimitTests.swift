import Glibc
import TestSupport
import Testing

/// Limits that the system sets for the process.
@Suite struct SystemLimitTests {
    @Test("a server that may open too few files does not start, and says so", arguments: [8, 16, 63])
    func descriptors(limit: Int) throws {
        let folder = TemporaryFolder()
        let run = try Program.run(
            ["serve", "--port", "0", "--no-seed", "--database", folder.path + "/db.sqlite"],
            setUp: "ulimit -n \(limit)", in: folder)
        #expect(run.status != 0)
        #expect(
            run.errors
                == "mock-zitadel: the process may have only \(limit) files open; allow at least 64, such as with ulimit -n 1024\n"
        )
        #expect(access(folder.path + "/db.sqlite", F_OK) != 0, "nothing is made")
    }

    @Test("a database that may not grow is an error of one line, not the end of the process by a signal")
    func fileSize() throws {
        let folder = TemporaryFolder()
        let run = try Program.run(
            ["serve", "--port", "0", "--no-seed", "--database", folder.path + "/db.sqlite"],
            setUp: "ulimit -f 10", in: folder)
        #expect(run.status > 0 && run.status < 128, "\(run.status)")
        #expect(run.errors.hasPrefix("mock-zitadel: database ") && run.errors.split(separator: "\n").count == 1)
    }
}
