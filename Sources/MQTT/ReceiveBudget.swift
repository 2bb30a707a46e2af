import CShim
import Reactor

/// Bounds the bytes that libmosquitto holds for messages that are not complete.
///
/// Received bytes use the budget up, and a complete packet gives back its own bytes, so that packets which never
/// complete add up to the limit. With TLS the filter of `TLSContext` counts and stops the read; without TLS the kernel
/// counts, and the excess shows when libmosquitto returns.
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

    /// Gives back the bytes of a complete packet.
    ///
    /// - Parameter length: the remaining length as MQTT counts it, without the fixed header.
    mutating func refund(packet length: Int) {
        let lengthBytes = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4
        let bytes = 1 + lengthBytes + length
        complete += Int64(bytes)
        tls?.refund(bytes)
    }

    /// Whether a connection without TLS has read more than the limit beyond complete packets. It shows when libmosquitto
    /// returns, which it does when the kernel's buffer is empty: a fast peer is stopped some megabytes later.
    func isExceeded(on descriptor: Int32) -> Bool {
        tls == nil && shim_bytes_read(descriptor) - complete > limit
    }
}
