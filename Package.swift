// swift-tools-version: 6.0
import PackageDescription

// Every target: Swift 6 language mode, explicit `any`, imports internal unless they say otherwise.
// Warnings are errors in CI (`-Xswiftc -warnings-as-errors`).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "mock-zitadel",
    products: [.executable(name: "mock-zitadel", targets: ["MockZitadel"])],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CSystem"),

        // An arrow of the architecture reads "depends on"; nothing points back up.
        room("Encodings", []),
        room("OAuth", ["Encodings"]),
        room("JOSE", ["COpenSSL", "Encodings"]),
        room("Model", ["Encodings"]),
        room("Seeding", ["Encodings", "JOSE", "Model", "OAuth"]),
        room("Storage", ["CSQLite", "Encodings", "Model"]),
        room("Provider", ["Encodings", "JOSE", "Model", "OAuth", "Storage"]),
        room("HTTP", ["CSystem", "Encodings"]),
        room("Server", ["Encodings", "HTTP", "JOSE", "Model", "OAuth", "Provider"]),
        .executableTarget(
            name: "MockZitadel",
            dependencies: ["Encodings", "HTTP", "JOSE", "Model", "Provider", "Seeding", "Server", "Storage"],
            swiftSettings: settings
        ),

        .target(
            name: "TestSupport",
            dependencies: ["Encodings", "HTTP", "JOSE", "Model", "Provider", "Seeding", "Server", "Storage"],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("EncodingsTests", ["Encodings"]),
        tests("OAuthTests", ["Encodings", "OAuth"]),
        tests("JOSETests", ["Encodings", "JOSE"]),
        tests("SeedingTests", ["Encodings", "Model", "Seeding", "TestSupport"], exclude: ["Broken"]),
        tests("StorageTests", ["Encodings", "Model", "Storage", "TestSupport"]),
        tests("ProviderTests", ["Encodings", "HTTP", "JOSE", "Model", "Provider", "Storage", "TestSupport"]),
        tests("HTTPTests", ["Encodings", "HTTP", "TestSupport"]),
        tests(
            "ServerTests", ["Encodings", "HTTP", "JOSE", "Model", "Provider", "Server", "TestSupport"],
            exclude: ["Golden"]),
        tests("SignInTests", ["Encodings", "HTTP", "JOSE", "Model", "Provider", "Storage", "TestSupport"]),
        tests(
            "RecordingTests",
            ["Encodings", "HTTP", "JOSE", "Model", "Provider", "Seeding", "Server", "Storage", "TestSupport"]),
        tests("CommandTests", ["Encodings", "HTTP", "JOSE", "TestSupport", "MockZitadel"]),
    ]
)
