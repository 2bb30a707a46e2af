/// What a simulated printer is to be.
package struct PrinterOptions: Sendable {
    package var model: PrinterModel
    /// Its AMS units; `nil` for those that come with the model.
    package var units: [AMSUnit.Kind]?
    /// `nil` for a name made of model and number.
    package var name: String?
    /// `nil` for one made up after the model's pattern.
    package var serial: String?
    /// `nil` for the fleet's, or one made up.
    package var accessCode: String?
    /// Plays this in place of a simulated print.
    package var recording: Recording?
    /// Whether the recording starts again at its end.
    package var loops = false
    /// Its certificate; `nil` for one that names its serial.
    package var leaf: SimulatedAuthority.Leaf?
    /// Whether the certificate comes from an authority other than the fleet's.
    package var hasForeignAuthority = false
    /// Whether it is bound to the account, and so reports to the cloud's broker as well.
    package var isBound = false
    /// Whether it can be reached over the LAN.
    package var hasLAN = true
    /// Whether no other printer shares its broker, so that the broker may be stopped.
    package var hasOwnBroker: Bool
    /// How far into its simulated life it is at the start, in seconds; `nil` for anything up to three hours.
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

    /// Reads `MODEL[:ams,...][@NAME]`.
    package init(parsing text: String) throws(SimulatorError) {
        let named = text.split(separator: "@", maxSplits: 1)
        let parts = (named.first ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let model = PrinterModel(naming: String(parts.first ?? "")) else {
            let known = PrinterModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("--printer=\(text): \"\(parts.first ?? "")\" is no model; there are \(known)")
        }
        self.init(model, name: named.count > 1 ? String(named[1]) : nil)
        guard parts.count > 1 else { return }
        var units: [AMSUnit.Kind] = []
        for name in parts[1].split(separator: ",") {
            guard let kind = AMSUnit.Kind(rawValue: String(name)) else {
                let known = AMSUnit.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw .usage("--printer=\(text): \"\(name)\" is no AMS; there are \(known)")
            }
            units.append(kind)
        }
        guard units.count <= 12, units.filter({ $0 != .amsHT }).count <= 4 else {
            throw .usage("--printer=\(text): a printer takes four AMS and eight AMS HT")
        }
        self.units = units
    }
}
