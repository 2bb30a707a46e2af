extension Configuration {
    /// The `shard` section: the share of the printers that this process reads.
    struct Shard: ConfigurationObject, Equatable {
        var index = 0
        var count = 1

        static let settings: [Setting<Self>] = [
            Setting(
                "index", \.index, .shardIndex, "The index of this process, from 0.", variable: "BAMBU_SHARD_INDEX"),
            Setting(
                "count", \.count, .integer(1...100_000), "The number of processes that share the printers.",
                variable: "BAMBU_SHARD_COUNT"),
        ]

        /// Parses an index, or a name that ends in one, such as the pod name `exporter-3` of a StatefulSet.
        static func index(in text: String) -> Int? {
            text.split(separator: "-").last.flatMap { Int($0) }
        }

        /// Whether this process reads the printer, by FNV-1a-64 of its serial number.
        func takes(_ serial: String) -> Bool {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in serial.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            return hash % UInt64(max(1, count)) == UInt64(max(0, index))
        }
    }
}

extension SettingKind where Value == Int {
    /// A whole number, or a name that ends in one.
    fileprivate static var shardIndex: Self {
        let expected = "a whole number or a name that ends in one"
        return Self("0 to 99999, or a name that ends in one", expected: expected) { value in
            (value.integer ?? value.text.flatMap(Configuration.Shard.index)).flatMap {
                (0...99_999).contains($0) ? $0 : nil
            }
        }.shown { "\($0)" }
    }
}
