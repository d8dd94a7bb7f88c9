import Encodings
import HTTP
import Model
import Provider

/// What this server says to tests in headers of answers, unless they are switched off.
extension Application {
    /// One `Mock-Warning` for each warning.
    func warningHeaders(_ warnings: [Warning]) -> [(name: String, value: String)] {
        guard options.reasonHeader else { return [] }
        return warnings.map { (MockHeader.OfAnswers.warning.rawValue, Self.headerText($0.code.rawValue, $0.detail)) }
    }

    /// `Mock-Reason`: why a request was refused.
    func reasonHeaders(_ rejection: Rejection?) -> [(name: String, value: String)] {
        rejection.map { reasonHeaders($0.reason.rawValue, $0.detail) } ?? []
    }

    func reasonHeaders(_ code: String, _ detail: String) -> [(name: String, value: String)] {
        options.reasonHeader ? [(MockHeader.OfAnswers.reason.rawValue, Self.headerText(code, detail))] : []
    }

    /// Header values are ASCII; names that people give to apps need not be. What looks like a code in a quoted value is masked.
    private static func headerText(_ code: String, _ detail: String) -> String {
        let text = "\(code); \(Masking.withoutCodes(detail))"
        guard !text.utf8.allSatisfy({ (32..<127).contains($0) }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { (32..<127).contains($0.value) ? $0 : "?" }))
    }
}

/// What tests say to this server in headers of requests, and what they probably meant to say.
extension Application {
    static let dialectField = MockHeader.dialect.field
    static let instanceField = MockHeader.instance.field
    static let loginAsField = MockHeader.loginAs.field

    /// Warnings of headers that have no effect.
    static func warnings(of request: HTTPRequest, in registry: InstanceRegistry?) -> [Warning] {
        var warnings: [Warning] = []
        var repeated: Set<String> = []
        for (name, value) in request.headers {
            if name == "host" {
                if request.header(Self.instanceField) == nil, let warning = registry?.warning(ofHost: value) {
                    warnings.append(warning)
                }
                continue
            }
            guard name.utf8.starts(with: "mock".utf8) || name.utf8.starts(with: "x-mock-".utf8) else { continue }
            if MockHeader.allCases.contains(where: { $0.field == name }), !repeated.insert(name).inserted {
                warnings.append(
                    Warning(.parameterRepeated, "the header \(name) is there more than once; the first one counts"))
            }
            if name == Self.dialectField {
                if let warning = warning(ofDialect: value) { warnings.append(warning) }
            } else if let warning = warning(ofHeader: name) {
                warnings.append(warning)
            }
        }
        return warnings
    }

    private static func warning(ofDialect value: String) -> Warning? {
        guard Dialect(rawValue: value) == nil else { return nil }
        let names = Dialect.allCases.map(\.rawValue)
        let hint =
            Similarity.nearest(to: value, in: names).map { "did you mean \($0)?" }
            ?? "expected \(names.joined(separator: " or "))"
        return Warning(.dialectUnknown, "Mock-Dialect is \"\(value.prefix(100))\", which is ignored; \(hint)")
    }

    private static func warning(ofHeader name: String) -> Warning? {
        let known = MockHeader.allCases.map(\.rawValue)
        guard !MockHeader.OfAnswers.allCases.contains(where: { $0.field == name }),
            !MockHeader.allCases.contains(where: { $0.field == name })
        else { return nil }
        let written = name.hasPrefix("x-") ? String(name.dropFirst(2)) : name
        let near = Similarity.nearest(to: written, in: known)
        // Other tools have headers that begin with the word, too.
        guard near != nil || name.hasPrefix("mock-") else { return nil }
        let hint = near.map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
        return Warning(.headerUnknown, "the header \(name.prefix(100)) is ignored; \(hint)")
    }

    /// The answer to a request for an instance that is not open. It is recorded as one of the main instance.
    func unknownInstance(_ detail: String, _ request: HTTPRequest) -> HTTPResponse {
        let exchange = Exchange(
            request: request, id: nextRequestID(), snapshot: instance.snapshot, now: instance.now, endpoint: .unknown)
        let rejection = Rejection(.instanceUnknown, detail)
        exchange.trace.rejection = rejection
        var response = Problem(.notFound, detail).response
        response.headers += reasonHeaders(rejection)
        let event = RequestEvent(exchange, status: response.status, microseconds: 0)
        if request.path.hasPrefix("/mock/") { reportControl(event) } else { report(event) }
        return response
    }
}
