package import CommandFlags

package struct PrinterOptions: Sendable {
    package var model: PrinterModel
    /// The AMS units; `nil` for those that come with the model.
    package var units: [AMSUnit.Kind]?
    /// The name; `nil` for one made of model and number.
    package var name: String?
    /// The serial; `nil` for a generated one with the model's format.
    package var serial: String?
    /// The access code; `nil` for the fleet's or a generated one.
    package var accessCode: String?
    /// The recording that replaces the simulated print.
    package var recording: Recording?
    package var loops = false
    /// The certificate; `nil` for one with its serial as common name.
    package var leaf: SimulatedAuthority.Leaf?
    /// Whether the certificate is issued by an authority other than the fleet's.
    package var hasForeignAuthority = false
    /// Whether it is bound to the account, and so also reports to the cloud's broker.
    package var isBound = false
    package var hasLAN = true
    /// Whether it shares its broker with no other printer, so that the broker may be stopped.
    package var hasOwnBroker: Bool
    /// The simulated uptime at the start, in seconds; `nil` for a random one up to three hours.
    package var uptime: Double?

    package init(
        _ model: PrinterModel, units: [AMSUnit.Kind]? = nil, name: String? = nil, serial: String? = nil,
        hasOwnBroker: Bool = true
    ) {
        self.model = model
        self.units = units
        self.name = name
        self.serial = serial
        self.hasOwnBroker = hasOwnBroker
    }

    /// Parses `MODEL[:ams,...][@NAME]`.
    package init(parsing text: String) throws(UsageError) {
        let named = text.split(separator: "@", maxSplits: 1)
        let parts = (named.first ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let model = PrinterModel(naming: String(parts.first ?? "")) else {
            let known = PrinterModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError(
                "--printer=\(text): \"\(parts.first ?? "")\" is not a supported model. Use one of: \(known)")
        }
        self.init(model, name: named.count > 1 ? String(named[1]) : nil)
        guard parts.count > 1 else { return }
        var units: [AMSUnit.Kind] = []
        for name in parts[1].split(separator: ",") {
            guard let kind = AMSUnit.Kind(rawValue: String(name)) else {
                let known = AMSUnit.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("--printer=\(text): \"\(name)\" is not an AMS unit. Use one of: \(known)")
            }
            units.append(kind)
        }
        guard units.count <= 12, units.filter({ $0 != .amsHT }).count <= 4 else {
            throw UsageError("--printer=\(text): use at most four AMS units and eight AMS HT units per printer")
        }
        self.units = units
    }
}
