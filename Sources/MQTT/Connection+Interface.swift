package import Platform
package import TLS

/// The settings of a connection and the events that it reports.
extension Connection {
    package struct Options: Sendable {
        /// Must be unique among the broker's clients: a second session with the same id takes over the first.
        package var clientID: String
        package var user: String?
        package var password: Secret?
        /// The interval of keep-alive packets when nothing else is sent.
        package var keepAlive = Duration.seconds(30)
        /// The limit for connecting, the TLS handshake and the broker's answer together.
        package var deadline = Duration.seconds(15)
        /// The maximum number of bytes that libmosquitto may hold for incomplete messages. It holds a whole packet
        /// before it delivers a byte, and a message of quality of service 2 until the broker releases it.
        package var packetLimit = 2 << 20
        /// The maximum number of published messages without acknowledgement; one more ends the connection.
        package var unacknowledgedLimit = 1000
        /// The highest quality of service of received messages; a message above it ends the connection. Subscriptions
        /// request at most 1, so a broker that follows the protocol never sends 2.
        package var highestQualityOfService: Int32 = 1

        package init(clientID: String, user: String? = nil, password: Secret? = nil) {
            self.clientID = clientID
            self.user = user
            self.password = password
        }
    }

    /// The stage of a connection. The raw value is used in messages.
    package enum Stage: String, Sendable {
        case connecting
        case handshake = "TLS handshake"
        /// The broker has not answered CONNECT yet.
        case greeting = "MQTT handshake"
        case open = "keep-alive"
        case closed
    }

    package struct Message {
        package let topic: String
        package let payload: [UInt8]
        package let qualityOfService: Int32
    }

    package enum Event {
        /// The TLS handshake is done and the peer accepted; no application data has been sent.
        case secured(PeerCertificate)
        case accepted
        case subscribed(topic: String, isGranted: Bool)
        case message(Message)
        /// The connection ended. It is the last event. After `close` no event follows.
        case closed(ConnectionError)
    }
}
