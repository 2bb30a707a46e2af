import JSONScanning

/// All AMS units of a printer and its external spools. Wire: `ams`, `vt_tray`, `vir_slot`.
package struct AMS: Sendable, Equatable {
    /// The maximum number of units of a printer (H2): four of a kind and eight AMS HT.
    static let unitLimit = 12

    /// The units, sorted by id.
    package internal(set) var units: [AMSUnit] = []
    package internal(set) var externals = ExternalSpools()
    /// Wire: `tray_now`.
    var trayNow: Int?
    /// Whether the printer's model is known.
    private(set) var isOfKnownModel = true
    /// Wire: `power_on_flag`.
    var isPowered: Bool?

    /// Merges an array of units outside of a report, as a full report.
    mutating func mergeUnits(_ reader: inout FieldReader) throws {
        var delta = Delta(self)
        try delta.readUnits(&reader)
        try delta.finish(isFull: true, after: self)
        self = delta.state
    }

    /// Merges an object `ams` outside of a report, as a full report.
    mutating func merge(_ reader: inout FieldReader) throws {
        var delta = Delta(self)
        try delta.read(&reader)
        try delta.finish(isFull: true, after: self)
        self = delta.state
    }

    /// Takes over the units of a message. External spools are not part of the object `ams`.
    ///
    /// - Returns: whether the message may have changed something.
    mutating func replaceUnits(from delta: consuming Delta) -> Bool {
        let isNews = delta.isNews || trayNow != delta.state.trayNow || isPowered != delta.state.isPowered
        units = delta.state.units
        trayNow = delta.state.trayNow
        isPowered = delta.state.isPowered
        return isNews
    }

    /// Passes to each unit what else identifies its kind: its firmware module, or a model that supports only one kind.
    mutating func inferKinds(from firmware: Firmware, on model: Model) {
        let only: AMSUnit.Kind? = model.hasOnlyLite ? .lite : nil
        for index in units.indices { units[index].setInferredKind(firmware.kind(ofUnit: units[index].id) ?? only) }
    }

    /// Stores whether the printer's model is known, and passes it to each unit.
    mutating func update(isOfKnownModel: Bool) {
        guard self.isOfKnownModel != isOfKnownModel else { return }
        self.isOfKnownModel = isOfKnownModel
        for index in units.indices { units[index].update(isOfKnownModel: isOfKnownModel) }
    }

    /// Passes to each unit whether the printer estimates what remains on spools.
    ///
    /// - Returns: whether that changed a unit.
    mutating func update(isEstimating: Bool) -> Bool {
        var isNews = false
        for index in units.indices where units[index].isEstimating != isEstimating {
            units[index].isEstimating = isEstimating
            isNews = true
        }
        return isNews
    }

    /// Looks ahead for the unit's id, which may follow other keys; `nil` if there is no valid id.
    static func unitID(_ reader: FieldReader, key wanted: String = "id") throws -> UnitID? {
        var scanner = reader.scanner
        guard try scanner.peek() == .object else { return nil }
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if key.equals(wanted) { return try scanner.scalar().integer.flatMap(UnitID.init) }
            try scanner.skip()
        }
        return nil
    }
}
