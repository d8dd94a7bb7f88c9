import Glibc
import ResourceFormat
import Seeding
import Storage
import System

/// The version of this program.
let version = "0.1.0"

@main
struct MockZitadel {
    static func main() {
        StandardDescriptors.open()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try run(arguments, environment: environment())
        } catch let invalid as InvalidSeed {
            report(invalid.problems, invalid.warnings)
        } catch let invalid as InvalidSeedArgument {
            report(invalid.problems, invalid.warnings)
        } catch let usage as UsageError {
            Terminal.printError("mock-zitadel: \(usage); see \(usage.helpCommand)")
            exit(64)
        } catch let unreachable as ControlClient.Unreachable {
            Terminal.printError("mock-zitadel: \(unreachable)")
            exit(69)
        } catch {
            Terminal.printError("mock-zitadel: \(error)")
            exit(1)
        }
    }

    /// Reports what is wrong with a seed, and ends the program.
    private static func report(_ problems: [Diagnostic], _ warnings: [Diagnostic]) -> Never {
        for warning in warnings { Terminal.printError("warning: \(warning)") }
        for problem in problems { Terminal.printError("\(problem)") }
        let count = problems.reduce(0) { $0 + $1.count }
        Terminal.printError("mock-zitadel: \(count) problem\(count == 1 ? "" : "s") in the seed; nothing was loaded")
        exit(2)
    }

    private static func run(_ arguments: [String], environment: [String: String]) throws {
        switch try CommandTable.request(arguments, environment: environment) {
        case .version: Terminal.print("mock-zitadel \(version)")
        case .overview(let prefix): Terminal.print(Help.overview(prefix: prefix))
        case .help(let command): Terminal.print(Help.text(command))
        case .run(let invocation):
            for warning in invocation.warnings { Terminal.printError("mock-zitadel: warning: \(warning)") }
            try invocation.command.run(invocation)
        }
    }

    private static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }
}
