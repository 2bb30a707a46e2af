import BambuMetrics
import BambuProtocol

/// Numbers and states as a person reads them.
enum Words {
    static func number(_ value: Double) -> String {
        Int(exactly: value.rounded()).map(String.init) ?? "-"
    }

    /// Three digits that count.
    static func rate(_ value: Double) -> String {
        let digits = value < 10 ? 100.0 : 10.0
        let rounded = (value * digits).rounded() / digits
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }

    static func duration(_ seconds: Double) -> String {
        let minutes = Int(exactly: (max(0, seconds) / 60).rounded()) ?? 0
        if minutes >= 48 * 60 { return "\(minutes / 1440) d \(minutes % 1440 / 60) h" }
        return minutes >= 60 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes) min"
    }

    static func age(_ seconds: Double) -> String {
        seconds < 120 ? "\(number(max(0, seconds))) s ago" : "\(duration(seconds)) ago"
    }

    static func state(_ state: Job.State?) -> String {
        switch state {
        case .idle: "idle"
        case .prepare: "preparing"
        case .slicing: "slicing"
        case .running: "printing"
        case .pause: "paused"
        case .finish: "finished"
        case .failed: "failed"
        case .`init`: "starting"
        case .offline: "offline"
        case .unknown, nil: "unknown"
        }
    }

    /// The first sentence of a text with its full stop and a capital, and all that follows with a full stop of its own.
    static func sentences(_ text: String) -> (first: String, rest: String) {
        let end = text.firstRange(of: ". ")?.lowerBound ?? text.endIndex
        let first = text[..<end]
        let rest = text[end...].dropFirst(2)
        let stop = rest.last.map { ".?!".contains($0) ? "" : "." } ?? ""
        return (first.prefix(1).uppercased() + first.dropFirst() + ".", rest.isEmpty ? "" : " \(rest)\(stop)")
    }

    static func reason(_ reason: Link.DownReason) -> String {
        switch reason {
        case .starting: "not tried yet"
        case .failure(.auth): "the access code was refused"
        case .failure(.certificate): "the certificate is not the printer's"
        case .failure(.tls): "the TLS handshake failed"
        case .failure(.refused): "the connection was refused"
        case .failure(.timeout): "no answer"
        case .failure(.dns): "the name is not known"
        case .failure(.network): "the connection was lost"
        case .silent: "connected, and silent"
        case .neverReported: "connected, and never a report"
        case .cloudOffline: "the account says that it is offline"
        }
    }

    /// The bounds are those of the alert rules: 40 and 60 %.
    static func humidity(percent: Double) -> String {
        switch percent {
        case ...20: "dry"
        case ...40: "fair"
        case ...60: "damp"
        default: "wet"
        }
    }

    static func humidity(index: Int) -> String {
        switch index {
        case 5: "driest of five"
        case 4: "second driest of five"
        case 3: "middle of five"
        case 2: "second wettest of five"
        default: "wettest of five"
        }
    }

    static func nozzle(_ id: Int, of toolhead: Toolhead) -> String {
        guard toolhead.hasSeveral else { return "Nozzle" }
        guard toolhead.nozzles.count <= 2 else { return "Nozzle \(id)" }
        return id == 0 ? "Right nozzle" : "Left nozzle"
    }

    static func unit(_ unit: AMSUnit) -> String {
        switch unit.kind {
        case .lite: "AMS Lite"
        case .pro: "AMS 2 Pro"
        case .ht: "AMS HT"
        case .ams, nil: "AMS"
        }
    }
}
