/// The part of a report with the printer's settings, which rarely change.
struct SettingsSection {
    let machine: Machine

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }
    private var isNew: Bool { machine.model.facts.isNew }
    private var fittings: Fittings { machine.fittings }

    var text: JSONText {
        let groups =
            switch dialect {
            case .classic: ["complete", "oldUpload"]
            case .x1, .device: ["complete", "newUpload"]
            case .delta: ["delta"]
            }
        return """
            "sdcard":\(fittings.card != .absent),"nozzle_type":\(dialect == .device ? "HS01" : "stainless_steel"),\
            \(ConstantMembers["settings"]),\(groups.map { ConstantMembers[$0] }),\
            "ipcam":{\(ConstantMembers["camera"]),\(camera)},\
            "online":{"ahb":\(!machine.filament.units.isEmpty),"rfid":false,"version":7}\(isNew ? flags : "")
            """
    }

    private var camera: JSONText {
        guard dialect != .delta else { return #""mode_bits":3"# }
        // Live view is off in factory settings.
        let url = fittings.isLiveviewOn ? "rtsps://127.0.0.1:322/streaming/live/1" : "disable"
        let members: JSONText = #""mode_bits":2,"rtsp_url":\#(url)"#
        return isNew ? "\(members),\(ConstantMembers["newCamera"])" : members
    }

    private var flags: JSONText {
        func hex(_ bits: Int) -> String { String(bits, radix: 16, uppercase: true) }
        // Bit 23: door; 24: lid, if the printer reports them here.
        let door = dialect == .device && fittings.isDoorOpen ? 1 << 23 : 0
        let lid = machine.model.facts.hasLid && fittings.isLidOpen ? 1 << 24 : 0
        // Bit 29: commands must be signed.
        let signing = fittings.isDeveloperModeOn ? 0 : 1 << 29
        // Bits 12 and 13: memory card.
        let card = fittings.card.rawValue << 12
        // Bits 7, 17 and 18 of `cfg`: light is on, remain detected, refill.
        return """
            ,"stat":\(hex(0x4005_8000 | door | lid)),"fun":\(hex(0x41_8FFF_9CFF | signing)),"aux":\(hex(card | 4)),\
            "cfg":"60080","aux_part_fan":\(machine.model.facts.hasSideFans),\
            \(ConstantMembers["flags"])
            """
    }
}
