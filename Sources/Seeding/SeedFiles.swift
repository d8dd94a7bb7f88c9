import Encodings

/// Finds and parses seed files, and fills in variables of the environment.
final class SeedFiles {
    struct File {
        let path: String
        let value: JSON
    }

    private let environment: [String: String]
    private let problems: Problems
    /// Where variables of the environment were filled in.
    private(set) var filledPlaces: [Place] = []

    init(environment: [String: String], problems: Problems) {
        self.environment = environment
        self.problems = problems
    }

    /// Files as they are named; of a folder, its `*.json` in name order but for schemas.
    func read(_ paths: [String]) -> [File] {
        var files: [File] = []
        for path in paths {
            guard Files.isFolder(path) else {
                if let file = read(path) { files.append(file) }
                continue
            }
            let names = Files.names(inFolder: path).filter {
                $0.hasSuffix(".json") && $0 != "schema.json" && !$0.hasSuffix(".schema.json")
            }
            if names.isEmpty { problems.add(file: path, "the folder holds no seed; expected *.json files") }
            files += names.compactMap { read(Files.path($0, below: path)) }
        }
        return files
    }

    private func read(_ path: String) -> File? {
        let content: [UInt8]
        do { content = try Files.read(path) } catch {
            problems.add(
                file: path, "\(error.message); name a seed file or folder with --seed, or start with --no-seed")
            return nil
        }
        do {
            let value = try JSONParser.parse(content, strict: true)
            return File(path: path, value: filled(value, Place(file: path, pointer: "")))
        } catch {
            problems.add(file: "\(path):\(error.line):\(error.column)", "no JSON: \(error.message)")
            return nil
        }
    }

    private func filled(_ value: JSON, _ place: Place) -> JSON {
        switch value {
        case .string(let text): .string(filled(text, place))
        case .array(let values): .array(values.enumerated().map { filled($1, place.element($0)) })
        case .object(let object): .object(filled(object, place))
        default: value
        }
    }

    private func filled(_ object: JSONObject, _ place: Place) -> JSONObject {
        var filledObject = JSONObject()
        for member in object.members {
            filledObject.append(member.name, filled(member.value, place.member(member.name)))
        }
        return filledObject
    }

    /// `${NAME}`, `${NAME:-default}`, and `$${` for a literal `${`.
    private func filled(_ text: String, _ place: Place) -> String {
        var out = ""
        var rest = text[...]
        while let dollar = rest.range(of: "${") {
            if dollar.lowerBound > rest.startIndex, rest[rest.index(before: dollar.lowerBound)] == "$" {
                out += rest[..<rest.index(before: dollar.lowerBound)] + "${"
                rest = rest[dollar.upperBound...]
                continue
            }
            out += rest[..<dollar.lowerBound]
            guard let end = rest[dollar.upperBound...].firstIndex(of: "}") else {
                problems.addLast(place, "holds \"${\" without a closing \"}\"; write $${ for a literal ${")
                return text
            }
            let expression = rest[dollar.upperBound..<end]
            let mark = expression.range(of: ":-")
            let name = String(expression[..<(mark?.lowerBound ?? expression.endIndex)])
            let standard = mark.map { String(expression[$0.upperBound...]) }
            if let value = environment[name] {
                out += value
                filledPlaces.append(place)
            } else if let standard {
                out += standard
            } else {
                problems.addLast(
                    place, "the environment has no variable \(name); set it, or give a default: ${\(name):-…}")
            }
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }
}

extension Substring {
    /// Where the text stands first.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
