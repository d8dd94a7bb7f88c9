import Encodings
import Glibc
import Synchronization
import System
import TestSupport

/// A run of the built program, as somebody in a shell would start it.
final class Program: Sendable {
    let id: pid_t
    private let output: Int32
    private let errorPath: String

    struct CannotStart: Error {}

    /// Where the built program is: next to the test bundle, else in the debug folder of the package.
    private static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let beside = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/mock-zitadel"
        return access(String(beside), X_OK) == 0 ? String(beside) : packageRoot + "/.build/debug/mock-zitadel"
    }()

    /// Starts the program with an empty environment but for these variables.
    ///
    /// - Parameters:
    ///   - setUp: what a shell does before, such as `ulimit -f 1`.
    ///   - redirections: what a shell writes after the command, such as `2>&-`.
    init(
        _ arguments: [String], environment: [String: String] = [:], setUp: String = ":", redirections: String = "",
        in folder: TemporaryFolder
    ) throws {
        let script = "cd \"$0\" && \(setUp) && exec \"$@\" \(redirections)"
        (id, output, errorPath) = try Self.oneAtATime.withLock { _ in
            try Self.spawn(arguments, environment, script, folder)
        }
    }

    /// Between the making of a pipe and its being marked, another start would hand it on to a child that never closes it.
    private static let oneAtATime = Mutex<Void>(())

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], _ script: String, _ folder: TemporaryFolder
    ) throws -> (id: pid_t, output: Int32, errorPath: String) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CannotStart() }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let errorPath = "\(folder.path)/stderr-\(ends[0])-\(ends[1])"
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // Glibc hides posix_spawn_file_actions_addchdir_np from newer Swift, so a shell changes the folder.
        let shell = ["/bin/sh", "-c", script, folder.path]
        var words = (shell + [path] + arguments).map { strdup($0) } + [nil]
        var environment = environment
        // What a run under a sanitizer needs.
        for name in ["LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var started = pid_t()
        let code = posix_spawn(&started, shell[0], &actions, nil, &words, &variables)
        close(ends[1])
        guard code == 0 else { throw CannotStart() }
        return (started, ends[0], errorPath)
    }

    deinit { close(output) }

    /// The next line of standard output; waits for it. nil at the end.
    func line() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            if byte == 10 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// One byte of standard output; waits for it.
    func byte() -> UInt8? {
        var byte: UInt8 = 0
        return read(output, &byte, 1) == 1 ? byte : nil
    }

    func signal(_ number: Int32) { kill(id, number) }

    /// Seconds until a program that does not end is killed.
    private static let patience: Int64 = 60

    /// Waits for the end. A program that does not end within a minute is killed, so that a test fails and does not hang.
    /// - Returns: the exit status, or 128 and the signal as shells have it.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        let isOver = Monitor(false)
        let watch = try? Thread { [id] in
            if isOver.wait(milliseconds: Self.patience * 1000, { $0 ? true : nil }) == nil { kill(id, SIGKILL) }
        }
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        isOver.change { $0 = true }
        watch?.join()
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    var errors: String { readText(errorPath) ?? "" }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], setUp: String = ":", redirections: String = "",
        in folder: TemporaryFolder = TemporaryFolder()
    ) throws -> (status: Int32, output: String, errors: String) {
        let program = try Program(
            arguments, environment: environment, setUp: setUp, redirections: redirections, in: folder)
        var lines: [String] = []
        while let line = program.line() { lines.append(line) }
        let status = program.wait()
        return (status, lines.joined(separator: "\n"), program.errors)
    }
}
