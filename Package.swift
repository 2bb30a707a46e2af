// swift-tools-version: 6.2
// The modules of the program in layers: a module imports only modules above it in the list of targets.

import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target {
    /// A library, with the modules of lower layers that it imports.
    static func module(_ name: String, _ dependencies: Dependency...) -> Target {
        .target(name: name, dependencies: dependencies, swiftSettings: strict)
    }

    /// The test suite of a library.
    static func suite(of name: String, _ dependencies: Dependency...) -> Target {
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name)] + dependencies,
            swiftSettings: strict
        )
    }

    /// A system library, with its pkg-config name and its Debian package.
    static func system(_ name: String, _ pkgConfig: String, apt package: String) -> Target {
        .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
    }
}

let package = Package(
    name: "bambu_exporter",
    products: [
        .executable(name: "bambu_exporter", targets: ["bambu_exporter"]),
        .executable(name: "bambu_simulator", targets: ["bambu_simulator"]),
    ],
    targets: [
        // Layer 0: C
        .system("CMosquitto", "libmosquitto", apt: "libmosquitto-dev"),
        .system("COpenSSL", "openssl", apt: "libssl-dev"),
        .system("CZlib", "zlib", apt: "zlib1g-dev"),
        .target(name: "CShim", dependencies: ["COpenSSL"], linkerSettings: [.linkedLibrary("crypt")]),
        // Loads libcurl at run time; building needs only its headers.
        .target(name: "CCurl"),
        // The exporter starts no program: the simulator alone links it.
        .target(name: "CSimulator"),

        // Layer 1: foundations
        .module("JSONScanning"),
        .module("OpenMetrics"),
        .module("Platform", "CShim"),
        .module("VideoParsing", "Platform"),
        .module("CommandFlags"),
        // Generates the manual page and the completions, which are committed; no product links it.
        .module("CommandReference", "CommandFlags"),

        // Layer 2: domain
        .module("BambuProtocol", "JSONScanning"),
        .module("BambuMetrics", "BambuProtocol", "OpenMetrics"),

        // Layer 3: transports
        .module("Reactor", "Platform", "CShim"),
        .module("TLS", "Platform", "Reactor", "CShim", "COpenSSL"),
        .module("MQTT", "Platform", "Reactor", "TLS", "CMosquitto", "CShim", "COpenSSL"),
        .module("Camera", "Platform", "Reactor", "TLS", "VideoParsing", "COpenSSL"),
        .module("HTTP", "Platform", "Reactor", "TLS", "CShim", "COpenSSL", "CZlib"),
        .module("Cloud", "JSONScanning", "Platform", "Reactor", "TLS", "CCurl", "CShim"),

        // Layer 4: assembly
        .module(
            "Exporter", "BambuMetrics", "BambuProtocol", "Camera", "Cloud", "CommandFlags", "HTTP", "MQTT",
            "OpenMetrics", "Platform", "Reactor", "TLS", "VideoParsing", "CShim"),
        .target(
            name: "Simulator",
            dependencies: [
                "CommandFlags", "HTTP", "JSONScanning", "MQTT", "Platform", "Reactor", "COpenSSL", "CSimulator",
            ],
            resources: [.embedInCode("Resources")], swiftSettings: strict),
        .executableTarget(name: "bambu_exporter", dependencies: ["Exporter"], swiftSettings: strict),
        .executableTarget(name: "bambu_simulator", dependencies: ["Simulator"], swiftSettings: strict),
        .executableTarget(
            name: "bambu_benchmark",
            dependencies: [
                "BambuMetrics", "BambuProtocol", "Camera", "OpenMetrics", "Platform", "Reactor", "Simulator", "TLS",
            ],
            path: "Benchmarks/bambu_benchmark", swiftSettings: strict),

        // Tests
        .target(name: "TestSupport", dependencies: ["OpenMetrics"], path: "Tests/TestSupport", swiftSettings: strict),
        .suite(of: "JSONScanning"),
        .suite(of: "OpenMetrics", "TestSupport"),
        .suite(of: "VideoParsing"),
        .suite(of: "CommandFlags", "CommandReference"),
        .suite(of: "BambuProtocol", "TestSupport"),
        .suite(of: "BambuMetrics", "BambuProtocol", "OpenMetrics", "TestSupport"),
        .suite(of: "Platform"),
        .suite(of: "Reactor", "Platform"),
        .suite(of: "MQTT", "COpenSSL", "Platform", "Reactor", "Simulator", "TLS"),
        .suite(of: "Camera", "Platform", "Reactor", "Simulator", "TLS", "VideoParsing"),
        .suite(of: "HTTP", "Platform", "TestSupport"),
        .suite(of: "Cloud", "Platform", "Reactor", "Simulator", "TLS"),
        .suite(
            of: "Exporter", "BambuMetrics", "BambuProtocol", "Cloud", "CommandFlags", "CommandReference", "HTTP",
            "MQTT", "OpenMetrics", "Platform", "Reactor", "Simulator", "TestSupport", "TLS"),
        .suite(of: "Simulator", "CommandFlags", "HTTP", "MQTT", "Platform", "Reactor", "TLS"),
    ],
    swiftLanguageModes: [.v6]
)
