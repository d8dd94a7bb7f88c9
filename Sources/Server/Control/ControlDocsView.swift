import Encodings
import HTTP
import ResourceFormat

/// `/mock/v1/docs`: the routes with what they take and answer. The page loads nothing, so that it can be read without a network and on a port of its own.
struct ControlDocsView {
    let routes: [ControlRoute]

    private static let style =
        stylesheetText + """

            main::before { display: none; }
            h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; overflow-wrap: anywhere; }
            code { overflow-wrap: anywhere; }
            dl { margin: .25rem 0 0; display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .25rem 1rem; }
            dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
            @media (max-width: 32rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } main { padding: 1rem; } }

            """

    var response: HTTPResponse {
        var view = PageLayout(title: "Control API", body: content, width: .wide)
        view.inlineStyle = Self.style
        return view.response
    }

    private var content: HTML {
        let sections = routes.map(\.section).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let links = sections.map { "<li><a href=\"#\($0)\">\($0)</a></li>\n" as HTML }
        return """
            <h1>Control API</h1>
            <p>What tests say to a running mock-zitadel. The same for programs: <a href="\(ControlAPI.prefix)/openapi.json">openapi.json</a></p>
            <ul class="links">
            \(HTML(joining: links))</ul>
            \(HTML(joining: sections.map(section)))
            """
    }

    private func section(_ name: String) -> HTML {
        let items = routes.filter { $0.section == name }.map(item)
        return "<h2 id=\"\(name)\">\(name)</h2>\n\(HTML(joining: items))"
    }

    private func item(_ route: ControlRoute) -> HTML {
        let query = route.query.map { parameter in
            row("?\(parameter.name)", Self.words(parameter.shape), parameter.documentation)
        }
        let parts = query + body(route.body)
        let list: HTML? = parts.isEmpty ? nil : "<dl>\n\(HTML(joining: parts))</dl>\n"
        return """
            <h3 id="\(route.operationID)">\(route.method) <code>\(ControlAPI.prefix)\(route.path)</code></h3>
            <p>\(route.summary). Answers \(Self.words(route.answer)).</p>
            \(list)
            """
    }

    private func row(_ name: String, _ value: String, _ documentation: String) -> HTML {
        "<dt><code>\(name)</code></dt><dd>\(Self.marked(documentation))<br><small class=\"quiet\">\(value)</small></dd>\n"
    }

    /// Text in which `code` is between backticks.
    private static func marked(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        return HTML(
            joining: parts.map { index, part -> HTML in
                index % 2 == 0 ? "\(String(part))" : "<code>\(String(part))</code>"
            })
    }

    private func body(_ body: BodyDescription) -> [HTML] {
        switch body {
        case .empty, .undescribed: []
        case .object(let shape, _), .objects(_, _, let shape), .patch(let shape): members(shape)
        case .resource(let shape, _): members(shape)
        }
    }

    private func members(_ shape: Shape) -> [HTML] {
        switch shape {
        case .object(let object): members(object)
        case .variants(let tag, _, let variants):
            variants.flatMap { variant in
                [row("\(tag): \(variant.value)", "", "With these members:")] + members(variant.shape)
            }
        default: []
        }
    }

    private func members(_ object: ObjectShape, below path: String = "") -> [HTML] {
        object.members.flatMap { member -> [HTML] in
            let note = member.isRequired ? "required, " : ""
            let row = row(path + member.name, note + Self.words(member.value), member.documentation)
            switch member.value {
            case .object(let inner), .either(_, let inner):
                return [row] + (path.isEmpty ? members(inner, below: member.name + ".") : [])
            default: return [row]
            }
        }
    }

    // MARK: Words

    private static func words(_ answer: ResponseDescription) -> String {
        switch answer {
        case .undescribed: "an object"
        case .object(let status, _), .resource(let status, _): "\(status) with an object"
        case .list: "200 with items"
        case .noContent: "204"
        case .text(let type): "200 with \(type)"
        }
    }

    private static func words(_ shape: Shape) -> String {
        switch shape {
        case .boolean: "true or false"
        case .choice(_, let values): values.joined(separator: ", ")
        case .integer(let range): "a whole number\(range.upperBound < .max ? " up to \(range.upperBound)" : "")"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .time: "a time of RFC 3339"
        case .duration: "a duration such as 12h"
        case .pattern(let pattern): pattern.expected
        case .list(let element): "a list: \(words(element))"
        case .oneOrList(let element): "one or a list: \(words(element))"
        case .object, .anyObject, .map, .metadata, .variants: "an object"
        case .either(let other, _): "\(words(other)), or an object"
        case .textOrObject: "a string or an object"
        case .nullable(let other): "\(words(other)), or null"
        case .any: "any JSON"
        default: "a string"
        }
    }
}
