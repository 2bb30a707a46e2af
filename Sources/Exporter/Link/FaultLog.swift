import BambuProtocol
import Platform

/// Chooses the errors and health messages of one printer to log: each when it appears.
///
/// Some printers send and clear a health message every few seconds, so each is logged once an hour. The type has no side
/// effects and reads no clock.
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
}
