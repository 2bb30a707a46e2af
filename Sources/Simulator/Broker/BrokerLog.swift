/// Parses the log of mosquitto with `log_type subscribe`.
package enum BrokerLog {
    package struct Subscription: Sendable, Equatable {
        package let clientID: String
        package let qualityOfService: Int
        package let topic: String
    }

    /// Parses `CLIENT QOS TOPIC`; returns `nil` for any other line.
    package static func subscription(in line: String) -> Subscription? {
        // Reads from the end: a client id may contain blanks, but the topics do not.
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 3, let topic = words.last, topic.contains("/") else { return nil }
        guard let quality = Int(words[words.count - 2]), (0...2).contains(quality) else { return nil }
        return Subscription(
            clientID: words.dropLast(2).joined(separator: " "), qualityOfService: quality, topic: String(topic))
    }
}
