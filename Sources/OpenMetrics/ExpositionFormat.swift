/// The supported exposition formats. Their samples are identical; their headers differ.
package enum ExpositionFormat: CaseIterable, Sendable {
    /// Prometheus' text format 0.0.4.
    case text
    /// OpenMetrics 1.0.0.
    case openMetrics

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    var trailer: [UInt8] {
        self == .openMetrics ? Array("# EOF\n".utf8) : []
    }
}
