import Encodings
import ResourceFormat

/// Finds and parses seed files, and fills in variables of the environment.
final class SeedFiles {
    struct File {
        let path: String
        let value: JSON
    }

    /// Files of one seed at most, and their bytes in all.
    private static let countLimit = 1000
    private static let sizeLimit = 64 << 20

    private let environment: [String: String]?
    private let diagnostics: Diagnostics
    private var contents: [String: [UInt8]] = [:]
    private var size = 0
    /// Where variables of the environment were filled in, and their names.
    private(set) var interpolatedLocations: [SourceLocation: [String]] = [:]

    init(environment: [String: String]?, diagnostics: Diagnostics) {
        self.environment = environment
        self.diagnostics = diagnostics
    }

    /// Reads files as they are named; of a folder, its seeds in the order of their names.
    func read(_ inputs: [SeedInput]) -> [File] {
        var files: [File] = []
        for input in inputs {
            switch input.content {
            case .document(let value):
                files.append(File(path: input.name, value: filled(value, SourceLocation(file: input.name))))
            case .text(let text): files += parse(text: text, input.name).map { [$0] } ?? []
            case .path(let path) where Files.isFolder(path): files += readFolder(path)
            case .path(let path): files += read(path).map { [$0] } ?? []
            }
        }
        return files
    }

    private func parse(text: String, _ name: String) -> File? {
        let content = Array(text.utf8)
        let start = TextFile.withoutByteOrderMark(content).first { $0 > 0x20 }
        guard start.map({ "'\"".utf8.contains($0) }) != true else {
            diagnostics.add(
                file: "\(name):1:1",
                "invalid JSON: begins with a quote; leave out the quotes around the seed, which belong to a shell")
            return nil
        }
        return parse(content, name)
    }

    private func readFolder(_ path: String) -> [File] {
        let listed: [String]
        do { listed = try Files.names(inFolder: path) } catch {
            diagnostics.add(file: path, Self.unreadable(error))
            return []
        }
        let names = listed.filter { name in
            let file = Files.path(name, below: path)
            // Pipes would have nobody who writes; what is not there, such as the end of a broken link, is reported when it is read.
            return Self.isSeed(name) && (Files.isRegular(file) || !Files.exists(file))
        }
        guard names.count <= Self.countLimit else {
            diagnostics.add(
                file: path, "the folder holds \(names.count) JSON files; at most \(Self.countLimit) are read")
            return []
        }
        if names.isEmpty {
            let similar = listed.first { name in
                [".json", ".jsonc", ".json5", ".yaml", ".yml"].contains(where: name.lowercased().hasSuffix)
                    && !name.hasPrefix(".") && !name.hasSuffix("schema.json")
            }
            let hint = similar.map { "; \($0) does not end in .json" } ?? ""
            diagnostics.add(file: path, "the folder holds no seed; expected *.json files\(hint)")
        }
        return names.compactMap { read(Files.path($0, below: path), skippingKeyFiles: true) }.filter(isMeantAsSeed)
    }

    /// Hidden files are not seeds: editors, macOS and Kubernetes put theirs next to them.
    private static func isSeed(_ name: String) -> Bool {
        name.hasSuffix(".json") && !name.hasPrefix(".") && !name.hasPrefix("#") && name != "schema.json"
            && !name.hasSuffix(".schema.json")
    }

    /// Whether a file of a folder is meant as a seed. That one of another program is none is said in one sentence.
    private func isMeantAsSeed(_ file: File) -> Bool {
        let known = ["organizations", "instance"]
        let names = file.value.object?.members.map(\.name).filter { !$0.hasPrefix("x-") } ?? []
        guard !names.isEmpty, !names.contains(where: { Similarity.nearest(to: $0, in: known) != nil }) else {
            return true
        }
        let found = names.map { JSON.string(String($0.prefix(100))).text }.abridgedList
        diagnostics.add(
            file: file.path,
            "is not a seed: it has neither \"organizations\" nor \"instance\", but \(found); move it out of the folder, or name the seed files one by one"
        )
        return false
    }

    private func read(_ path: String, skippingKeyFiles: Bool = false) -> File? {
        let content: [UInt8]
        do { content = try Files.read(path) } catch {
            let isMisnamed = path.unicodeScalars.contains("\u{FFFD}") && !Files.exists(path)
            diagnostics.add(
                file: path, isMisnamed ? "has a name that is not UTF-8; rename it" : Self.unreadable(error))
            return nil
        }
        return parse(content, path, skippingKeyFiles: skippingKeyFiles)
    }

    private static func unreadable(_ error: Files.Failure) -> String {
        "\(error.message); \(error.advice ?? "name a seed file or folder with --seed, or start with --no-seed")"
    }

    private func parse(_ content: [UInt8], _ path: String, skippingKeyFiles: Bool = false) -> File? {
        size += content.count
        guard size <= Self.sizeLimit else {
            diagnostics.add(file: path, "the files of the seed have more than \(Self.sizeLimit >> 20) MiB in all")
            return nil
        }
        do {
            let value = try JSONDocument.parse(content, strict: true)
            // Key files that `generate` or `key create` wrote into the folder of the seed.
            if skippingKeyFiles, let object = value.object, object["keyId"] != nil, object["key"] != nil { return nil }
            contents[path] = Array(TextFile.withoutByteOrderMark(content))
            // Nearly no content has a variable: there is a dollar sign, perhaps as an escape.
            let mayHoldVariable = content.contains { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "\\") }
            return File(path: path, value: mayHoldVariable ? filled(value, SourceLocation(file: path)) : value)
        } catch {
            if let line = error.line, let column = error.column {
                diagnostics.add(file: "\(path):\(line):\(column)", "invalid JSON: \(error.message)")
            } else {
                diagnostics.add(file: path, error.message)
            }
            return nil
        }
    }

    /// Fills in the lines and columns of what was reported.
    func locateDiagnostics() {
        diagnostics.locate { file, pointers in
            contents[file].map { JSONPositions.find(pointers, in: $0) } ?? [:]
        }
    }

    // MARK: Variables

    /// Names the variables in problems with values that came from them, which the seed does not show.
    func nameVariables() {
        diagnostics.amend { location in
            interpolatedLocations[location].map { names in
                let list = names.count == 1 ? "variable \(names[0])" : "variables \(names.joined(separator: " and "))"
                return "the value is that of the \(list)"
            }
        }
    }

    /// The value with variables filled in. Few values have any, so the place of each is worked out only where it is needed.
    private func filled(_ value: JSON, _ location: @autoclosure () -> SourceLocation) -> JSON {
        switch value {
        case .string(let text): Self.mayHoldVariable(text) ? .string(filled(text, location())) : value
        case .array(let values): .array(values.enumerated().map { filled($1, location().element($0)) })
        case .object(let object): .object(filled(object, location()))
        default: value
        }
    }

    private func filled(_ object: JSONObject, _ location: @autoclosure () -> SourceLocation) -> JSONObject {
        var filledObject = object
        for index in filledObject.members.indices {
            let member = filledObject.members[index]
            filledObject.members[index].value = filled(member.value, location().member(member.name))
        }
        return filledObject
    }

    private static func mayHoldVariable(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "$")) }

    private func filled(_ text: String, _ location: SourceLocation) -> String {
        var interpolation = Interpolation(environment: environment)
        let result: String
        do { result = try interpolation.expand(text) } catch {
            diagnostics.addLast(location, error.message)
            return text
        }
        if let name = interpolation.bareVariable(in: text) {
            diagnostics.warn(
                location, "\"$\(name)\" is not replaced, and is part of the text; write \"${\(name)}\" for the variable"
            )
        }
        guard !interpolation.used.isEmpty else { return result }
        interpolatedLocations[location] = interpolation.used
        // A line end after a secret comes from `$(cat file)` in another shell, or from an .env file of Windows, and is never meant.
        let trimmed = result.withoutLineEnd
        if trimmed.utf8.count < result.utf8.count {
            let names = interpolation.used.joined(separator: ", ")
            diagnostics.warn(location, "the value of \(names) ends with a line end, which was removed")
        }
        return trimmed
    }
}
