import BambuProtocol
import Platform

/// Logs the errors and severe health messages of one printer: each when it appears, and again when its text becomes known.
///
/// Some printers send and clear a health message every few seconds, so each is logged once an hour. The type reads no clock.
struct FaultLog {
    private static let interval = Duration.seconds(3600)
    /// The most health messages to log in an hour.
    private static let limit = 64

    /// 0 without an error.
    private var error: UInt32 = 0
    private var active: [HMSMessage] = []
    private var logged: [HMSMessage: Instant] = [:]

    /// Returns the error of the printer if it is a new one; `nil` if not, or without an error.
    mutating func newError(_ code: UInt32) -> UInt32? {
        guard code != error else { return nil }
        error = code
        return code == 0 ? nil : code
    }

    /// Returns the messages to log.
    ///
    /// - Parameter messages: all active ones.
    mutating func newMessages(_ messages: [HMSMessage], at now: Instant) -> [HMSMessage] {
        guard messages != active else { return [] }
        logged = logged.filter { now - $0.value < Self.interval }
        let new = messages.filter { !active.contains($0) && logged[$0] == nil }.prefix(Self.limit - logged.count)
        for message in new { logged[message] = now }
        active = messages
        return Array(new)
    }

    /// Forgets what was logged if the new texts describe an active fault that the old ones did not.
    mutating func replaceTexts(_ old: FaultTexts?, by new: FaultTexts?) {
        func texts(_ source: FaultTexts?) -> [String] {
            active.map { source?.text(of: $0) ?? "" } + [source?.text(ofError: error) ?? ""]
        }
        if zip(texts(old), texts(new)).contains(where: { $0.isEmpty && !$1.isEmpty }) { self = FaultLog() }
    }

    /// Logs the new faults in a printer's state, with their texts if they are known.
    mutating func write(_ state: PrinterState, _ texts: FaultTexts?, of printer: String, to log: Log, at now: Instant) {
        if let code = newError(state.job.error ?? 0) {
            log.info(
                "The printer reports an error",
                ["printer": printer, "code": PrintError.text(of: code), "text": texts?.text(ofError: code) ?? ""])
        }
        for message in newMessages(state.hms ?? [], at: now) {
            let level = message.level(by: texts)
            guard level == .fatal || level == .serious else { continue }
            log.info(
                "The printer reports a health message",
                ["printer": printer, "code": message.code, "level": level.name, "text": texts?.text(of: message) ?? ""])
        }
    }
}
