/// One thing that is wrong with a seed.
public struct SeedProblem: Sendable, Equatable, CustomStringConvertible {
    /// A file, or a file with line and column when it is no JSON.
    public let file: String
    /// A JSON pointer (RFC 6901); nil when the whole file is meant, empty for its top.
    public let pointer: String?
    /// What is wrong, and what was expected.
    public let message: String

    public var description: String {
        guard let pointer else { return "\(file): \(message)" }
        return "\(file): \(pointer.isEmpty ? "/" : pointer): \(message)"
    }
}

/// All that is wrong with a seed; nothing of it was loaded.
public struct InvalidSeed: Error, Sendable {
    public let problems: [SeedProblem]
}

/// Collects problems, so that all of them are told at once.
final class Problems {
    private(set) var list: [SeedProblem] = []

    /// Places whose value could not be made, so that whatever else is wrong with it says nothing.
    private var silenced: Set<Place> = []

    func add(_ place: Place, _ message: String) {
        guard !silenced.contains(place) else { return }
        list.append(SeedProblem(file: place.file, pointer: place.pointer, message: message))
    }

    /// Adds a problem and hears of no other at the same place.
    func addLast(_ place: Place, _ message: String) {
        add(place, message)
        silenced.insert(place)
    }

    func add(file: String, _ message: String) {
        list.append(SeedProblem(file: file, pointer: nil, message: message))
    }
}

/// A place in a seed file.
struct Place: Hashable {
    let file: String
    let pointer: String

    func member(_ name: String) -> Place {
        var escaped = ""
        for character in name { escaped += character == "~" ? "~0" : character == "/" ? "~1" : String(character) }
        return Place(file: file, pointer: pointer + "/" + escaped)
    }

    func element(_ index: Int) -> Place { Place(file: file, pointer: "\(pointer)/\(index)") }
}

/// `"a"`, `"a" or "b"`, `"a", "b" or "c"`.
func alternatives(_ values: [String]) -> String {
    let quoted = values.map { "\"\($0)\"" }
    return quoted.count < 2 ? quoted.joined() : quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
}
