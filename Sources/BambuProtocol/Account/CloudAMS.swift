import JSONScanning

/// Reads AMS units and spools in the shape of the published notes of the cloud's REST interface.
///
/// The keys of the notes: `ams_units[]` with `unit_id`, `temperature`, `humidity`, `humidity_raw`, `dry_time`, `info`
/// and `trays[]`; a tray with `tray_id`, `filament_type`, `filament_color`, and the remaining amount as `remain` or
/// `remaining`; `external_spool`. The values have the same meaning as those that printers send.
enum CloudAMS {
    /// Replaces the units by those of `ams_units`.
    static func readUnits(_ reader: inout FieldReader, into ams: inout AMS) throws {
        var found: [AMSUnit] = []
        let isArray = try reader.array { reader in
            guard let id = try AMS.unitID(reader, key: "unit_id") else { return try reader.scanner.skip() }
            var update = AMSUnit.Delta(AMSUnit(id: id))
            try update.read(&reader, unitFields)
            guard found.count < AMS.unitLimit, !found.contains(where: { $0.id == id }) else { return reader.reject() }
            found.append(update.unit)
        }
        if isArray { ams.units = found.sorted { $0.id < $1.id } }
    }

    /// Replaces the external spool by `external_spool`, whose `tray_id` is 254 if it is absent.
    static func readExternal(_ reader: inout FieldReader, into ams: inout AMS) throws {
        var tray = Tray()
        guard try readTray(&reader, into: &tray) else { return }
        let id = tray.id ?? 254
        guard id == 254 || id == 255 else { return reader.reject() }
        ams.externals = ExternalSpools([ExternalSpools.Spool(id: id, tray: tray)])
    }

    private static let unitFields = AMSUnit.fields.adding([
        Field("temperature") { try AMSUnit.fields.read(as: "temp", &$0, into: &$1) },
        Field("trays") { try $1.readTrays(&$0) { try readTray(&$0, into: &$1) } },
    ])

    // In some notes, a tray's `temperature` is the minimum of its nozzle. It is not read.
    private static let trayFields = Tray.fields.adding([
        Field("tray_id") { try Tray.fields.read(as: "id", &$0, into: &$1) },
        Field("filament_type") { try Tray.fields.read(as: "tray_type", &$0, into: &$1) },
        Field("filament_color") { try Tray.fields.read(as: "tray_color", &$0, into: &$1) },
        Field("remaining") { try Tray.fields.read(as: "remain", &$0, into: &$1) },
    ])

    private static func readTray(_ reader: inout FieldReader, into tray: inout Tray) throws -> Bool {
        guard try tray.merge(&reader, trayFields) else { return false }
        // An empty slot has this text instead of a material.
        if tray.type == "Empty" {
            let id = tray.id
            tray = Tray()
            tray.id = id
        }
        return true
    }
}
