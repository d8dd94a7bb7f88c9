import Model
import Server

/// The settings of `serve`, from flags, else from the environment, else by default.
struct ServeOptions {
    var host = "localhost"
    var port = 8080
    var database = "mock-zitadel.sqlite"
    /// nil for `--no-seed`.
    var seeds: [String]?
    var keysFolder: String?
    /// Permissions of generated key files.
    var keysMode: UInt32 = 0o600
    var issuer: String?
    var dialect: Dialect?
    var serverVersion: ServerVersion?
    /// The name, and where it was given.
    var autoLogin: (value: String, name: String)?
    var service = Application.Options()
    var workers: Int
    var json = false

    /// - Throws: `UsageError`
    init(_ arguments: Arguments, environment: [String: String], processors: Int) throws {
        workers = max(2, processors)
        func text(_ setting: Setting) -> (value: String, name: String)? {
            arguments.value(of: setting, environment: environment)
        }
        func number(_ setting: Setting, _ range: ClosedRange<Int>) throws -> Int? {
            guard let (value, name) = text(setting) else { return nil }
            guard let number = Int(value), range.contains(number) else {
                throw UsageError(
                    description:
                        "\(name) is \"\(value)\"; expected a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        func choice<Choice: RawRepresentable<String> & CaseIterable>(
            _ setting: Setting, _: Choice.Type
        ) throws -> Choice? {
            guard let (value, name) = text(setting) else { return nil }
            guard let choice = Choice(rawValue: value) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError(description: "\(name) is \"\(value)\"; expected one of \(names)")
            }
            return choice
        }
        func flag(_ setting: Setting) throws -> Bool? { try choice(setting, Switch.self).map { $0 == .on } }
        host = text(.host)?.value ?? host
        port = try number(.port, 0...65535) ?? port
        database = text(.database)?.value ?? database
        let named = arguments.all(Setting.seed.flag)
        seeds = Arguments.seedPaths(named: named, environment: environment)
        if try flag(.noSeed) ?? false {
            guard named.isEmpty else {
                throw UsageError(description: "--seed and --no-seed contradict each other; give one of them")
            }
            seeds = nil
        }
        keysFolder = text(.keysFolder)?.value
        issuer = try Self.issuer(text(.issuer))
        dialect = try choice(.dialect, Dialect.self)
        serverVersion = try choice(.serverVersion, ServerVersion.self)
        autoLogin = text(.autoLogin)
        service.reasonHeader = try flag(.reasonHeader) ?? true
        service.log = try choice(.logFormat, RequestLog.Format.self) ?? .text
        workers = try number(.workers, 1...64) ?? workers
        json = try flag(.json) ?? false
    }

    private enum Switch: String, CaseIterable {
        case on, off
    }

    private static func issuer(_ given: (value: String, name: String)?) throws -> String? {
        guard let (value, name) = given else { return nil }
        let rest = ["http://", "https://"].first { value.hasPrefix($0) }.map { value.dropFirst($0.count) }
        guard let rest, !rest.isEmpty, !rest.contains("/"), !rest.contains(" ") else {
            throw UsageError(
                description:
                    "\(name) is \"\(value)\"; expected http:// or https:// and a host, without path or trailing slash")
        }
        return value
    }
}
