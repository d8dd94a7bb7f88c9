import Encodings

/// Key paths of this kind can be kept in tables.
typealias MemberPath<Root, Value> = WritableKeyPath<Root, Value> & Sendable

// The kinds of members that most resources have.
extension Field {
    /// - Parameter isAlwaysWritten: whether an empty text is written too, because leaving it out means something else.
    static func text(
        _ name: String, _ path: any MemberPath<Root, String>, _ documentation: String,
        shape: Shape = .text(minimumLength: 0), isRequired: Bool = false, isAlwaysWritten: Bool = false
    ) -> Field {
        Field(
            name, shape, isRequired: isRequired, documentation,
            decode: { json, root, _ in if let text = json.string { root[keyPath: path] = text } },
            encode: { root in
                let text = root[keyPath: path]
                return text.isEmpty && !isAlwaysWritten ? nil : .string(text)
            })
    }

    static func optionalText(
        _ name: String, _ path: any MemberPath<Root, String?>, _ documentation: String, shape: Shape
    ) -> Field {
        Field(
            name, shape, documentation,
            decode: { json, root, _ in root[keyPath: path] = json.string },
            encode: { $0[keyPath: path].map(JSON.string) })
    }

    static func boolean(_ name: String, _ path: any MemberPath<Root, Bool>, _ documentation: String) -> Field {
        Field(
            name, .boolean, documentation,
            describeDefault: { $0[keyPath: path] ? "true" : "false" },
            decode: { json, root, _ in if let value = json.bool { root[keyPath: path] = value } },
            encode: { .bool($0[keyPath: path]) })
    }

    /// - Parameter isAlwaysWritten: whether an empty list is written too, because the default is another one.
    static func list(
        _ name: String, _ path: any MemberPath<Root, [String]>, of element: Shape, _ documentation: String,
        isRequired: Bool = false, isAlwaysWritten: Bool = false
    ) -> Field {
        Field(
            name, .list(element), isRequired: isRequired, documentation,
            describeDefault: { $0[keyPath: path].isEmpty ? nil : $0[keyPath: path].joined(separator: ", ") },
            decode: { json, root, _ in
                if let values = json.array { root[keyPath: path] = values.compactMap(\.string) }
            },
            encode: { root in
                let values = root[keyPath: path]
                return values.isEmpty && !isAlwaysWritten && !isRequired ? nil : .strings(values)
            })
    }

    /// - Parameters:
    ///   - noun: what the values are, with its article.
    ///   - values: those that may be chosen.
    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any MemberPath<Root, Choice>, _ noun: String, _ documentation: String,
        values: [Choice] = Array(Choice.allCases), hasDefault: Bool = true
    ) -> Field {
        Field(
            name, .choice(noun: noun, values.map(\.rawValue)), documentation,
            describeDefault: { hasDefault ? $0[keyPath: path].rawValue : nil },
            decode: { json, root, _ in
                if let choice = json.string.flatMap(Choice.init) { root[keyPath: path] = choice }
            },
            encode: { .string($0[keyPath: path].rawValue) })
    }

    /// A list of choices.
    /// - Parameters:
    ///   - noun: what each is, with its article.
    ///   - alias: another spelling of a choice, which is accepted and not written.
    static func choices<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any MemberPath<Root, [Choice]>, _ noun: String,
        alias: @escaping @Sendable (Choice) -> String? = { _ in nil }
    ) -> Field {
        let all = Array(Choice.allCases)
        return Field(
            name, .list(.choice(noun: noun, all.map(\.rawValue) + all.compactMap(alias))), "",
            describeDefault: { $0[keyPath: path].map(\.rawValue).joined(separator: ", ") },
            decode: { json, root, _ in
                guard let names = json.array?.compactMap(\.string) else { return }
                root[keyPath: path] = names.compactMap { name in
                    Choice(rawValue: name) ?? all.first { alias($0) == name }
                }
            },
            encode: { .strings($0[keyPath: path].map(\.rawValue)) })
    }

    static func optionalChoice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any MemberPath<Root, Choice?>, _ noun: String, _ documentation: String
    ) -> Field {
        Field(
            name, .choice(noun: noun, Choice.allCases.map(\.rawValue)), documentation,
            decode: { json, root, _ in root[keyPath: path] = json.string.flatMap(Choice.init) },
            encode: { $0[keyPath: path].map { .string($0.rawValue) } })
    }

    /// A length of time that is not zero.
    static func lifetime(_ name: String, _ path: any MemberPath<Root, GoDuration>, _ documentation: String) -> Field {
        Field(
            name, .duration(maximum: nil), documentation,
            describeDefault: { $0[keyPath: path].text },
            decode: { json, root, context in
                guard let duration = json.string.flatMap(GoDuration.init(lifetime:)) else { return }
                if duration.seconds == 0 {
                    context.decoder.diagnostics.add(context.location, "is zero; expected at least \"1s\"")
                }
                root[keyPath: path] = duration
            },
            encode: { .string($0[keyPath: path].text) })
    }

    /// Unix seconds.
    static func time(_ name: String, _ path: any MemberPath<Root, Int64>, _ documentation: String) -> Field {
        Field(
            name, .time, documentation,
            decode: { json, root, _ in
                if let time = json.string.flatMap(UTCDateTime.unix(rfc3339:)) { root[keyPath: path] = time }
            },
            encode: { .string(UTCDateTime(unix: $0[keyPath: path]).rfc3339) })
    }

    /// A member that `ResourceDecoder` and `ResourceEncoder` treat themselves: other resources, the member that names the kind.
    static func structural(
        _ name: String, _ shape: Shape, _ documentation: String, isRequired: Bool = false
    ) -> Field {
        Field(name, shape, isRequired: isRequired, documentation)
    }

    /// `id`
    static func id(_ path: any MemberPath<Root, String>) -> Field {
        .text(
            "id", path, "Decimal string of 1 to 20 digits. Default: derived from the names of the enclosing objects.",
            shape: .id)
    }
}
