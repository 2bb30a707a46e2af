/// The print times that nozzles and hotends report. They are kept while the printer is unreachable.
///
/// Many firmware versions always report 0, so a time is absent until it is above 0.
package struct PrintTimes: Sendable, Equatable {
    /// Seconds, by nozzle.
    package private(set) var nozzles: [Int: Double] = [:]
    /// Seconds, by the hotend's place in the rack.
    package private(set) var hotends: [Int: Double] = [:]

    mutating func observe(_ toolhead: Toolhead) {
        for nozzle in toolhead.nozzles { Self.update(nozzle.printSeconds, of: nozzle.id, in: &nozzles) }
        guard toolhead.rack.isFitted else { return }
        for hotend in toolhead.hotends { Self.update(hotend.printSeconds, of: hotend.number, in: &hotends) }
    }

    private static func update(_ seconds: Double?, of key: Int, in times: inout [Int: Double]) {
        guard let seconds, seconds > 0 || times[key] != nil else { return }
        times[key] = seconds
    }
}
