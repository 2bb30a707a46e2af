/// `print.ams`, `vt_tray` and `vir_slot`.
struct FilamentSection {
    let machine: Machine

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }

    /// The scalars of `print.ams` that stand in deltas.
    func writeScalars(to writer: inout JSONWriter) {
        let filament = machine.filament
        writer.quoted("tray_now", trayNumber(filament.now))
        writer.quoted("tray_tar", trayNumber(filament.target))
        writer.quoted("tray_pre", trayNumber(filament.previous))
        writer.field("version", filament.version)
    }

    /// Printers with two nozzles give the slot within its unit here; which unit it is, `device.extruder` tells.
    private func trayNumber(_ tray: Int) -> Int {
        machine.model.facts.nozzles > 1 && tray < 128 ? tray & 3 : tray
    }

    func write(to writer: inout JSONWriter) {
        writer.object("ams") { writer in
            writeUnits(to: &writer)
            writer.field("ams_exist_bits", hex(unitBits))
            if dialect != .delta { writer.field("ams_exist_bits_raw", hex(unitBits)) }
            let present = hex(slotBits { $0 != nil })
            writer.field("tray_exist_bits", present)
            writer.field("tray_is_bbl_bits", present)
            writer.field("tray_read_done_bits", present)
            writer.field("tray_reading_bits", "0")
            writeScalars(to: &writer)
            writer.field("insert_flag", true)
            writer.field("power_on_flag", dialect == .device)
        }
        switch dialect {
        case .device:
            writeExternal(to: &writer)
        case .delta where machine.model == .a2l:
            writeExternal(to: &writer)
        case .x1:
            writer.object("vt_tray") { writeExternal(at: 0, to: &$0) }
            writeExternal(to: &writer)
        case .classic, .delta:
            writer.object("vt_tray") { writeExternal(at: 0, to: &$0) }
        }
    }

    /// `print.ams.ams`, which a delta may have too.
    func writeUnits(to writer: inout JSONWriter) {
        writer.array("ams") { writer in
            for unit in machine.filament.units {
                writer.object { write(unit, to: &$0) }
            }
        }
    }

    private func write(_ unit: AMSUnit, to writer: inout JSONWriter) {
        let isLite = unit.kind == .amsLite
        writer.quoted("id", unit.id)
        // An AMS HT gives its percent alone on H2.
        writer.quoted("humidity", unit.kind == .amsHT && dialect == .device ? 0 : unit.humidityIndex)
        if dialect != .classic { writer.quoted("humidity_raw", isLite ? 0 : Int(unit.humidity)) }
        writer.field("temp", isLite ? "0.0" : tenths(unit.temperature))
        writer.field("dry_time", Int(((unit.drying?.left ?? 0) / 60).rounded(.up)))
        if dialect != .classic { writer.field("info", info(of: unit)) }
        if dialect == .delta {
            writer.field("chip_id", "00000000000000000000000000000000")
            writer.field("check", 0)
        } else if unit.kind.canDry {
            writer.object("dry_setting") { writer in
                writer.field("dry_duration", unit.drying?.hours ?? -1)
                writer.field("dry_filament", unit.drying?.filament ?? "")
                writer.field("dry_temperature", unit.drying?.target ?? -1)
            }
            writer.array("dry_sf_reason") { writer in
                for reason in machine.fittings.dryingRefusals { writer.element(reason) }
            }
        }
        writer.array("tray") { writer in
            for (slot, spool) in unit.slots.enumerated() {
                writer.object { write(spool, slot: slot, of: unit, to: &$0) }
            }
        }
    }

    private func write(_ spool: Spool?, slot: Int, of unit: AMSUnit, to writer: inout JSONWriter) {
        writer.quoted("id", slot)
        guard let spool else {
            // Older firmware leaves it at the id; newer gives the bits of an empty slot.
            if dialect == .device || dialect == .x1 { writer.field("state", 26) }
            return
        }
        switch dialect {
        case .classic: break
        case .delta: writer.field("state", 3)
        case .x1, .device: writer.field("state", spool.tag == nil ? 9 : 11)
        }
        // A1 with an AMS Lite does not track and says 0 for all.
        write(spool, remain: unit.kind == .amsLite ? 0 : spool.remain, to: &writer)
    }

    private func writeExternal(to writer: inout JSONWriter) {
        writer.array("vir_slot") { writer in
            for index in machine.filament.external.indices {
                writer.object { writeExternal(at: index, to: &$0) }
            }
        }
    }

    private func writeExternal(at index: Int, to writer: inout JSONWriter) {
        let ids = machine.model.facts.external
        writer.quoted("id", index < ids.count ? ids[index] : 254)
        let spool = index < machine.filament.external.count ? machine.filament.external[index] : nil
        write(spool, remain: 0, isExternal: true, to: &writer)
    }

    /// A spool; `nil` writes what stands for none in an external holder.
    private func write(_ spool: Spool?, remain: Int, isExternal: Bool = false, to writer: inout JSONWriter) {
        let filament = spool?.filament
        // An external holder reads no tag.
        let tag = isExternal ? nil : spool?.tag
        let color = spool.map { $0.color + "FF" } ?? "00000000"
        writer.field("remain", remain)
        if dialect == .delta {
            writer.field("k", 0.019999999552965164)
            writer.field("n", 1)
        }
        writer.field("cali_idx", -1)
        writer.field("total_len", tag == nil ? 0 : 330_000)
        writer.field("tag_uid", tag?.uid ?? "0000000000000000")
        writer.field("tray_id_name", tag == nil ? "" : "\(filament?.family ?? "")-K0")
        writer.field("tray_info_idx", filament?.profile ?? "")
        writer.field("tray_type", filament?.type ?? "")
        writer.field("tray_sub_brands", tag == nil ? "" : filament?.brand ?? "")
        writer.field("tray_color", color)
        writer.quoted("tray_weight", tag == nil ? 0 : Int(spool?.capacity ?? 0))
        writer.field("tray_diameter", tag == nil ? "0.00" : "1.75")
        let drying = tag == nil ? nil : filament?.drying
        writer.quoted(dialect == .delta ? "tray_temp" : "drying_temp", drying?.celsius ?? 0)
        writer.quoted(dialect == .delta ? "tray_time" : "drying_time", drying?.hours ?? 0)
        writer.field("bed_temp_type", "0")
        writer.quoted("bed_temp", tag == nil ? 0 : filament?.bed ?? 0)
        writer.quoted("nozzle_temp_max", filament?.nozzle.upperBound ?? 0)
        writer.quoted("nozzle_temp_min", filament?.nozzle.lowerBound ?? 0)
        writer.field("xcam_info", "000000000000000000000000")
        writer.field("tray_uuid", tag?.uuid ?? "00000000000000000000000000000000")
        if dialect != .classic {
            writer.field("ctype", dialect == .delta ? 0 : 2)
            writer.array("cols") { $0.element(color) }
        }
    }

    private var unitBits: Int {
        machine.filament.units.reduce(0) { $0 | 1 << (Self.bit(ofUnit: $1.id)) }
    }

    private func slotBits(where isSet: (Spool?) -> Bool) -> Int {
        var bits = 0
        for unit in machine.filament.units {
            for (slot, spool) in unit.slots.enumerated() where isSet(spool) {
                bits |= 1 << (unit.id >= 128 ? 16 + unit.id - 128 : unit.id == 16 ? 24 + slot : 4 * unit.id + slot)
            }
        }
        return bits
    }

    private static func bit(ofUnit id: Int) -> Int {
        id >= 128 ? 4 + id - 128 : id == 16 ? 12 : id
    }

    /// Bits 0 to 3 the kind, 4 to 7 drying, 8 to 11 the nozzle, 22 to 25 what the dryer does.
    private func info(of unit: AMSUnit) -> String {
        let kind =
            switch unit.kind {
            case .ams: 1
            case .amsLite: machine.model == .a2l ? 5 : 2
            case .ams2Pro: 3
            case .amsHT: 4
            }
        let drying = unit.drying == nil ? 0 : 2 << 4 | 1 << 22
        return hex(kind | drying | unit.nozzle << 8 | 1 << 12)
    }

    private func hex(_ value: Int) -> String { String(value, radix: 16) }

    /// One digit after the point, as the wire has it.
    private func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
