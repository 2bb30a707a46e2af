// swift-tools-version: 6.2
// The map of the house: imports point down, and only where a line below allows it.

import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target {
    /// A library of one floor, with the targets of the floors below that it may import.
    static func floor(_ name: String, _ dependencies: Dependency...) -> Target {
        .target(name: name, dependencies: dependencies, swiftSettings: strict)
    }

    /// The one test suite of a library.
    static func suite(of name: String, _ dependencies: Dependency...) -> Target {
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name)] + dependencies,
            swiftSettings: strict
        )
    }

    /// A system library, its pkg-config name and the Debian package that brings it.
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
        // 0: C
        .system("CMosquitto", "libmosquitto", apt: "libmosquitto-dev"),
        .system("COpenSSL", "openssl", apt: "libssl-dev"),
        .system("CZlib", "zlib", apt: "zlib1g-dev"),
        .target(name: "CShim", dependencies: ["COpenSSL"], linkerSettings: [.linkedLibrary("crypt")]),
        // Loads libcurl when it is needed; only its headers are needed to build.
        .target(name: "CCurl"),
        // The exporter starts no program: the simulator alone links it.
        .target(name: "CSimulator"),

        // 1: ground
        .floor("JSONScanning"),
        .floor("OpenMetrics"),
        .floor("VideoParsing"),
        .floor("CommandFlags", "CShim"),
        // The manual page and the completions, which are committed: no product links it.
        .floor("CommandReference", "CommandFlags"),

        // 2: domain
        .floor("BambuProtocol", "JSONScanning"),
        .floor("BambuMetrics", "BambuProtocol", "OpenMetrics"),

        // 3: transports
        .floor("Reactor", "CShim", "COpenSSL"),
        .floor("MQTT", "Reactor", "CMosquitto", "CShim", "COpenSSL"),
        .floor("Camera", "Reactor", "VideoParsing", "COpenSSL"),
        .floor("HTTP", "Reactor", "CShim", "COpenSSL", "CZlib"),
        .floor("Cloud", "Reactor", "CCurl", "CShim"),

        // 4: assembly
        .floor(
            "Exporter", "BambuMetrics", "BambuProtocol", "Camera", "Cloud", "CommandFlags", "HTTP", "MQTT",
            "OpenMetrics",
            "Reactor",
            "VideoParsing",
            "CShim"),
        .floor("Simulator", "CommandFlags", "HTTP", "JSONScanning", "MQTT", "Reactor", "COpenSSL", "CSimulator"),
        .executableTarget(name: "bambu_exporter", dependencies: ["Exporter"], swiftSettings: strict),
        .executableTarget(name: "bambu_simulator", dependencies: ["Simulator"], swiftSettings: strict),
        .executableTarget(
            name: "bambu_benchmark",
            dependencies: ["BambuMetrics", "BambuProtocol", "Camera", "OpenMetrics", "Reactor", "Simulator"],
            path: "Benchmarks/bambu_benchmark", swiftSettings: strict),

        // tests
        .suite(of: "JSONScanning"),
        .suite(of: "OpenMetrics"),
        .suite(of: "VideoParsing"),
        .suite(of: "CommandFlags", "CommandReference"),
        .suite(of: "BambuProtocol"),
        .suite(of: "BambuMetrics", "BambuProtocol", "OpenMetrics"),
        .suite(of: "Reactor"),
        .suite(of: "MQTT", "Reactor"),
        .suite(of: "Camera", "Reactor", "Simulator", "VideoParsing"),
        .suite(of: "HTTP", "Reactor"),
        .suite(of: "Cloud", "Reactor", "Simulator"),
        .suite(
            of: "Exporter", "BambuMetrics", "BambuProtocol", "Cloud", "CommandFlags", "CommandReference", "HTTP",
            "MQTT",
            "OpenMetrics", "Reactor", "Simulator"),
        .suite(of: "Simulator", "CommandFlags", "HTTP", "MQTT", "Reactor"),
    ],
    swiftLanguageModes: [.v6]
)
