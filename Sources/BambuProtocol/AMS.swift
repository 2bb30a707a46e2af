import JSONScanning

/// All AMS units of a printer and its external spools. Wire: `ams`, `vt_tray`, `vir_slot`.
package struct AMS: Sendable, Equatable {
    /// Four of a kind and eight AMS HT are the most a printer takes (H2).
    static let unitLimit = 12

    /// By id.
    package internal(set) var units: [AMSUnit] = []
    package internal(set) var externals = ExternalSpools()
    /// Wire: `tray_now`.
    var trayNow: Int?
    /// Whether the printer's model is known.
    private(set) var isOfKnownModel = true
    /// Wire: `power_on_flag`.
    var isPowered: Bool?

    /// The object `ams` of the last report, where that was full, nothing in it was odd, and nothing has changed the units
    /// since: to read the same bytes again would change nothing.
    private var source: ValueDigest?

    /// Merges an array of units as a full report's, where it stands by itself.
    mutating func mergeUnits(_ reader: inout FieldReader) throws {
        var message = Message(self)
        try message.readUnits(&reader)
        try message.settle(isFull: true, after: self)
        self = message.state
    }

    /// Merges the object `ams` of a full report, where it stands by itself.
    mutating func merge(_ reader: inout FieldReader) throws {
        var message = Message(self)
        try message.read(&reader)
        try message.settle(isFull: true, after: self)
        self = message.state
    }

    /// Takes over what a message said of the units; external spools are no part of the object `ams`.
    mutating func takeUnits(of message: consuming Message) {
        if let source = message.source {
            self.source = source
        } else if source != nil,
            units != message.state.units || trayNow != message.state.trayNow || isPowered != message.state.isPowered
        {
            source = nil
        }
        units = message.state.units
        trayNow = message.state.trayNow
        isPowered = message.state.isPowered
    }

    /// Passes over an object `ams` that says what the last one said. Most reports of a printer that sends full ones every
    /// second are such, and AMS units are most of them.
    func skipRepeated(_ reader: inout FieldReader) throws -> Bool {
        guard let source else { return false }
        return try reader.scanner.skip(source)
    }

    /// Tells each unit what else is known of its kind: its firmware module, or that the model takes no other.
    mutating func learnKinds(from firmware: Firmware, on model: Model) {
        let only: AMSUnit.Kind? = model.hasOnlyLite ? .lite : nil
        for index in units.indices { units[index].learn(firmware.kind(ofUnit: units[index].id) ?? only) }
    }

    /// Takes in whether the printer's model is known, and tells each unit.
    mutating func learn(isOfKnownModel: Bool) {
        guard self.isOfKnownModel != isOfKnownModel else { return }
        self.isOfKnownModel = isOfKnownModel
        for index in units.indices { units[index].learn(isOfKnownModel: isOfKnownModel) }
    }

    /// Tells each unit whether the printer estimates what remains on spools. Returns whether that is news.
    mutating func learn(isEstimating: Bool) -> Bool {
        var isNews = false
        for index in units.indices where units[index].isEstimating != isEstimating {
            units[index].isEstimating = isEstimating
            isNews = true
        }
        return isNews
    }

    /// Looks ahead for the unit's id, which may stand behind other keys; `nil` where there is none to use.
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
