/// What mosquitto says with `log_type subscribe`.
package enum BrokerLog {
    /// One accepted SUBSCRIBE.
    package struct Subscription: Sendable, Equatable {
        package let clientID: String
        package let qualityOfService: Int
        /// As the client named it.
        package let topic: String
    }

    /// Reads `CLIENT QOS TOPIC`; `nil` for any other line.
    package static func subscription(in line: String) -> Subscription? {
        // From the end, for a client's id may have blanks where our topics have none.
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 3, let topic = words.last, topic.contains("/") else { return nil }
        guard let quality = Int(words[words.count - 2]), (0...2).contains(quality) else { return nil }
        return Subscription(
            clientID: words.dropLast(2).joined(separator: " "), qualityOfService: quality, topic: String(topic))
    }
}
