// swift-tools-version: 6.0
import PackageDescription

// Every target: Swift 6 language mode, explicit `any`, imports internal unless they say otherwise, and members only of modules that the file imports.
// Warnings are errors in CI (`-Xswiftc -warnings-as-errors`).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func layer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
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
        layer("System", ["CSystem"]),
        layer("Encodings", []),
        layer("Crypto", ["COpenSSL"]),
        layer("OAuth", ["Crypto", "Encodings"]),
        layer("JOSE", ["Crypto", "Encodings"]),
        layer("Model", ["Crypto", "Encodings", "OAuth"]),
        layer("ResourceFormat", ["Crypto", "Encodings", "JOSE", "Model", "OAuth"]),
        layer("Seeding", ["Encodings", "ResourceFormat"]),
        layer("Storage", ["Crypto", "CSQLite", "Encodings", "Model", "OAuth", "ResourceFormat"]),
        layer("Provider", ["Crypto", "Encodings", "JOSE", "Model", "OAuth", "ResourceFormat", "Storage"]),
        layer("HTTP", ["Encodings"]),
        layer("HTTPServer", ["CSystem", "Encodings", "HTTP", "System"]),
        layer(
            "Server",
            [
                "Crypto", "Encodings", "HTTP", "HTTPServer", "JOSE", "Model", "OAuth", "Provider", "ResourceFormat",
                "Seeding", "Storage", "System",
            ]),
        .executableTarget(
            name: "MockZitadel",
            dependencies: [
                "Crypto", "Encodings", "HTTP", "HTTPServer", "JOSE", "Model", "OAuth", "Provider", "ResourceFormat",
                "Seeding", "Server", "Storage", "System",
            ],
            swiftSettings: settings
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "Crypto", "Encodings", "HTTP", "JOSE", "Model", "Provider", "ResourceFormat", "Seeding", "Server",
                "Storage",
            ],
            path: "Tests/TestSupport",
            exclude: ["Fixtures"],
            swiftSettings: settings),
        tests("EncodingsTests", ["Encodings"]),
        tests("OAuthTests", ["Encodings", "OAuth"]),
        tests("CryptoTests", ["Crypto", "Encodings", "TestSupport"]),
        tests("JOSETests", ["Crypto", "Encodings", "JOSE", "TestSupport"]),
        tests("ResourceFormatTests", ["Encodings", "Model", "OAuth", "ResourceFormat", "TestSupport"]),
        tests(
            "SeedingTests",
            [
                "Crypto", "Encodings", "Model", "OAuth", "Provider", "ResourceFormat", "Seeding", "System",
                "TestSupport",
            ],
            exclude: ["Broken", "Fixtures"]),
        tests(
            "StorageTests",
            ["Encodings", "HTTP", "Model", "ResourceFormat", "Storage", "System", "TestSupport"],
            exclude: ["Fixtures"]),
        tests(
            "ProviderTests",
            [
                "Crypto", "Encodings", "HTTP", "HTTPServer", "JOSE", "Model", "OAuth", "Provider", "ResourceFormat",
                "Server", "Storage", "System", "TestSupport",
            ]),
        tests("SystemTests", ["System"]),
        tests("HTTPTests", ["HTTP"]),
        tests("HTTPServerTests", ["HTTP", "HTTPServer", "System", "TestSupport"]),
        tests(
            "ServerTests",
            [
                "Crypto", "Encodings", "HTTP", "JOSE", "Model", "OAuth", "Provider", "ResourceFormat", "Server",
                "Storage", "System", "TestSupport",
            ],
            exclude: ["Golden"]),
        tests(
            "RecordingTests",
            [
                "Crypto", "Encodings", "HTTP", "HTTPServer", "JOSE", "Model", "OAuth", "Provider", "ResourceFormat",
                "Server", "Storage", "TestSupport",
            ]),
        tests(
            "MockZitadelTests",
            ["Encodings", "HTTP", "HTTPServer", "JOSE", "MockZitadel", "Server", "System", "TestSupport"]),
    ]
)
