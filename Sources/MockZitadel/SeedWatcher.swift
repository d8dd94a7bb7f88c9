import Glibc
import Provider
import ResourceFormat
import Seeding

/// Loads a seed again when its files change. A broken one is reported, and the old state stays.
final class SeedWatcher {
    /// What shows that a file has changed.
    private struct Stamp: Equatable {
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// Microseconds between two looks.
    private static let interval: UInt32 = 200_000
    /// Files that are looked at.
    private static let limit = 2000

    private let source: @Sendable () -> SeedSource
    private let instance: Instance
    /// Permissions of key files that are made.
    private let keysMode: UInt32
    private let say: @Sendable (String) -> Void
    private var seed: Seed
    private var loaded: [String: Stamp]
    /// Whether a broken seed was reported last.
    private var isBroken = false

    /// - Parameters:
    ///   - source: where the seed comes from, as of now.
    ///   - seed: the one that is loaded.
    ///   - say: gets a line that says what changed, or what is wrong.
    init(
        source: @escaping @Sendable () -> SeedSource, seed: Seed, instance: Instance, keysMode: UInt32,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.seed = seed
        self.instance = instance
        self.keysMode = keysMode
        self.say = say
        loaded = [:]
        loaded = stamps()
    }

    /// Watches forever.
    func run() {
        while true {
            usleep(Self.interval)
            let seen = stamps()
            guard seen != loaded else { continue }
            // An editor that is just writing is waited for.
            usleep(Self.interval / 4)
            guard seen == stamps() else { continue }
            loaded = seen
            reload()
            // Key files that were made, and files that are named now.
            loaded = stamps()
        }
    }

    /// The files of the seed, and all that they name.
    private func stamps() -> [String: Stamp] {
        let listed = source().inputs.compactMap(\.path).flatMap(Self.files)
        var stamps: [String: Stamp] = [:]
        for path in (listed + seed.namedFiles).prefix(Self.limit) { stamps[path] = Self.stamp(path) }
        return stamps
    }

    /// The files that a path names; the path alone when it is a file, or a folder that cannot be read.
    private static func files(of path: String) -> [String] {
        guard Files.isFolder(path), let names = try? Files.names(inFolder: path) else { return [path] }
        return names.filter { $0.hasSuffix(".json") }.map { Files.path($0, below: path) }
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }

    private func reload() {
        do {
            let new = try Seed.load(source())
            let difference = SeedDifference(from: seed, to: new)
            guard !difference.isEmpty else {
                if isBroken { say("the seed is valid again; nothing changed") }
                isBroken = false
                return seed = new
            }
            try new.makeKeyFiles(mode: keysMode)
            let made = try instance.load(new.decoded, removesOthers: false)
            seed = new
            isBroken = false
            for warning in new.warnings { say("warning: \(warning)") }
            say("loaded the changed seed: \(difference.message)")
            for (id, token) in new.generatedTokens.sorted(by: { $0.key < $1.key }) where made.contains(id) {
                say("personal access token \(id), shown this once: \(token)")
            }
        } catch let invalid as InvalidSeed {
            isBroken = true
            let count = invalid.problems.reduce(0) { $0 + $1.count }
            say("the changed seed has \(count) problem\(count == 1 ? "" : "s"), and the old one stays")
            for problem in invalid.problems.prefix(20) { say("\(problem)") }
        } catch {
            isBroken = true
            say("the changed seed could not be loaded, and the old one stays: \(error)")
        }
    }
}
