package import Reactor

/// What a connection is told, and what it tells.
extension Connection {
    package struct Options: Sendable {
        /// Must be unique among the broker's clients: a second session with it takes over the first.
        package var clientID: String
        package var user: String?
        package var password: Secret?
        /// How often to say "still here" where nothing else is said.
        package var keepAlive = Duration.seconds(30)
        /// How long connecting, the TLS handshake and the broker's answer may take together.
        package var deadline = Duration.seconds(15)
        /// How many bytes may come before a message is complete, TLS overhead included. libmosquitto holds a whole packet
        /// before it shows a byte of it.
        package var packetLimit = 2 << 20
        /// How many messages may wait for the broker's acknowledgement; one more ends the connection.
        package var unacknowledgedLimit = 1000

        package init(clientID: String, user: String? = nil, password: Secret? = nil) {
            self.clientID = clientID
            self.user = user
            self.password = password
        }
    }

    package enum Event {
        /// The TLS handshake is done and the peer accepted; nothing of the application has been sent.
        case secured(PeerCertificate)
        /// The broker accepted the session.
        case accepted
        /// The broker answered a subscription.
        case subscribed(granted: Bool)
        /// A message on a subscribed topic. `payload` is valid during the call alone.
        case message(topic: String, payload: UnsafeRawBufferPointer)
        /// The end, said once, unless `close` was called.
        case closed(ConnectionError)
    }
}
