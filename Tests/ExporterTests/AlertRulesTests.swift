import BambuMetrics
import BambuProtocol
import Foundation
import Testing

@testable import Exporter

@Suite("The thresholds that the page shares with the alert rules")
struct AlertRulesTests {
    private let config: String

    init() throws {
        let file = PackageFolder.url.appending(path: "alerts/config.libsonnet")
        config = try String(contentsOf: file, encoding: .utf8)
    }

    @Test func `the numbers are those of the rules`() {
        let (warning, critical) = (Int(AlertRules.humidityWarning), Int(AlertRules.humidityCritical))
        #expect(config.contains("humidityPercent: { warning: \(warning), critical: \(critical) }"))
        #expect(config.contains("humidityIndex: \(AlertRules.dampIndex),"))
        let (shown, low, inUse) = (
            Int(AlertRules.filamentShown), Int(AlertRules.filamentLow), Int(AlertRules.filamentInUse)
        )
        #expect(config.contains("filamentPercent: { dashboard: \(shown), low: \(low), inUse: \(inUse) }"))
        #expect(config.contains("tokenDays: \(AlertRules.tokenDays),"))
    }

    @Test func `the codes that need no action are those of the rules`() throws {
        #expect(try list("hmsIgnored") == AlertRules.ignoredMessages)
        #expect(try list("printErrorsIgnored") == AlertRules.ignoredErrors)
    }

    /// The texts of a list of the configuration.
    private func list(_ name: String) throws -> [String] {
        let start = try #require(config.firstRange(of: "\(name): [")).upperBound
        let end = try #require(config[start...].firstRange(of: "\n    ],")).lowerBound
        return config[start..<end].split(separator: "'", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    @Test func `a code is ignored only when the whole of it fits a pattern`() {
        func isIgnored(_ code: UInt32) -> Bool { AlertRules.ignores(PrintError.text(of: code)) }
        for code: UInt32 in [0x0300_400C, 0x0500_4043, 0x1234_1678, 0x12FF_8007] { #expect(isIgnored(code)) }
        for code: UInt32 in [0x0300_8003, 0x0500_4045, 0x12FF_8008] { #expect(!isIgnored(code)) }
    }
}
