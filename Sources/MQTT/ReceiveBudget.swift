import CShim
import TLS

/// Limits the bytes that libmosquitto holds for incomplete messages.
///
/// Received bytes use up the budget, and a complete packet gives back its own bytes, so that packets that never
/// complete add up to the limit. With TLS the filter of `TLSContext` counts the bytes and stops reading; without TLS
/// the kernel counts them, and the excess is detected when libmosquitto returns.
struct ReceiveBudget {
    private let limit: Int
    private let tls: TLSContext?
    /// The bytes of complete packets.
    private var complete: Int64 = 0

    init(limit: Int, tls: TLSContext?) {
        self.limit = limit
        self.tls = tls
    }

    /// Gives back the bytes of a complete PUBLISH packet.
    mutating func refund(_ message: Connection.Message) {
        let identifier = message.qualityOfService > 0 ? 2 : 0
        refund(packet: 2 + message.topic.utf8.count + identifier + message.payload.count)
    }

    /// - Parameter length: The remaining length of the MQTT header, without the fixed header.
    mutating func refund(packet length: Int) {
        let lengthBytes = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4
        let bytes = 1 + lengthBytes + length
        complete += Int64(bytes)
        tls?.refund(bytes)
    }

    /// Whether a connection without TLS has exceeded the limit.
    ///
    /// The check runs when libmosquitto returns, which it does when the kernel's buffer is empty: a fast peer is
    /// stopped some megabytes later.
    func isExceeded(on descriptor: Int32) -> Bool {
        tls == nil && shim_bytes_read(descriptor) - complete > limit
    }
}
