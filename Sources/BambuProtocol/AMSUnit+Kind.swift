extension AMSUnit {
    /// The kind of unit. The raw value is the label `model`.
    package enum Kind: String, CaseIterable, Sendable {
        case ams
        case lite = "ams_lite"
        case pro = "ams_2_pro"
        case ht = "ams_ht"

        private struct Facts {
            /// Bits 0 to 3 of `info`.
            let info: [Int]
            /// The first part of the name of its firmware module, such as `n3f` in `n3f/1`.
            let module: String
            var canDry = false
        }

        private var facts: Facts {
            switch self {
            case .ams: Facts(info: [1], module: "ams")
            // 5 is the AMS Lite of an A2L.
            case .lite: Facts(info: [2, 5], module: "ams_f1")
            case .pro: Facts(info: [3], module: "n3f", canDry: true)
            case .ht: Facts(info: [4], module: "n3s", canDry: true)
            }
        }

        private static let byInfo: [Kind?] = (0..<16).map { number in
            allCases.first { $0.facts.info.contains(number) }
        }

        /// Reads `info` of a unit; `nil` if the kind is not known.
        init?(info: UInt64) {
            guard let kind = Self.byInfo[Int(info & 0xF)] else { return nil }
            self = kind
        }

        /// Reads the first part of a firmware module's name; `nil` if the kind is not known.
        init?(module: Substring) {
            guard let kind = Self.allCases.first(where: { $0.facts.module == module }) else { return nil }
            self = kind
        }

        /// Whether the unit has heaters that dry filament.
        var canDry: Bool { facts.canDry }
    }
}
