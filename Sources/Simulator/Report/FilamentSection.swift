/// `print.ams`, `vt_tray` and `vir_slot`.
struct FilamentSection {
    let machine: Machine

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }

    /// The scalars of `print.ams` that deltas have too.
    func writeScalars(to writer: inout JSONWriter) {
        let filament = machine.filament
        writer.quoted("tray_now", trayNumber(filament.now))
        writer.quoted("tray_tar", trayNumber(filament.target))
        writer.quoted("tray_pre", trayNumber(filament.previous))
        writer.field("version", filament.version)
    }

    /// Printers with two nozzles give the slot within its unit here; `device.extruder` names the unit.
    private func trayNumber(_ tray: Int) -> Int {
        machine.model.facts.nozzles > 1 && tray < 128 ? tray & 3 : tray
    }

    func write(to writer: inout JSONWriter) {
        writer.object("ams") { writer in
            writeUnits(to: &writer)
            writer.field("ams_exist_bits", hex(unitBits))
            if dialect != .delta { writer.field("ams_exist_bits_raw", hex(unitBits)) }
            let present = hex(slotBits)
            for key: StaticString in ["tray_exist_bits", "tray_is_bbl_bits", "tray_read_done_bits"] {
                writer.field(key, present)
            }
            writeScalars(to: &writer)
            writer.members(#""tray_reading_bits":"0","insert_flag":true"#)
            writer.field("power_on_flag", dialect == .device)
        }
        let hasSlots = dialect == .device || dialect == .x1 || machine.model == .a2l
        if hasSlots {
            writer.objects("vir_slot", machine.filament.external.indices) { writeExternal(at: $1, to: &$0) }
        }
        if !hasSlots || dialect == .x1 { writer.object("vt_tray") { writeExternal(at: 0, to: &$0) } }
    }

    /// `print.ams.ams`, which a delta may have too.
    func writeUnits(to writer: inout JSONWriter) {
        writer.objects("ams", machine.filament.units) { write($1, to: &$0) }
    }

    private func write(_ unit: AMSUnit, to writer: inout JSONWriter) {
        let isLite = unit.kind == .amsLite
        writer.quoted("id", unit.id)
        // An AMS HT gives its percent alone on H2.
        writer.quoted("humidity", unit.kind == .amsHT && dialect == .device ? 0 : unit.humidityIndex)
        writer.field("temp", isLite ? "0.0" : tenths(unit.temperature))
        writer.field("dry_time", Int(((unit.drying?.left ?? 0) / 60).rounded(.up)))
        if dialect != .classic {
            writer.quoted("humidity_raw", isLite ? 0 : Int(unit.humidity))
            writer.field("info", info(of: unit))
        }
        if dialect == .delta {
            writer.members(#""chip_id":"00000000000000000000000000000000","check":0"#)
        } else if unit.kind.canDry {
            writer.object("dry_setting") { writer in
                writer.field("dry_duration", unit.drying?.hours ?? -1)
                writer.field("dry_filament", unit.drying?.filament ?? "")
                writer.field("dry_temperature", unit.drying?.target ?? -1)
            }
            writer.elements("dry_sf_reason", machine.fittings.dryingRefusals)
        }
        writer.objects("tray", unit.slots.enumerated()) { writer, slot in
            writer.quoted("id", slot.offset)
            write(slot.element, of: unit, to: &writer)
        }
    }

    private func write(_ spool: Spool?, of unit: AMSUnit, to writer: inout JSONWriter) {
        guard let spool else {
            // Older firmware leaves it at the id; newer firmware gives the bits of an empty slot.
            if dialect == .device || dialect == .x1 { writer.field("state", 26) }
            return
        }
        switch dialect {
        case .classic: break
        case .delta: writer.field("state", 3)
        case .x1, .device: writer.field("state", spool.tag == nil ? 9 : 11)
        }
        // A1 with an AMS Lite does not track and reports 0 for all.
        write(spool, tag: spool.tag, remain: unit.kind == .amsLite ? 0 : spool.remain, to: &writer)
    }

    /// An external holder, which reads no tag.
    private func writeExternal(at index: Int, to writer: inout JSONWriter) {
        let (ids, spools) = (machine.model.facts.external, machine.filament.external)
        writer.quoted("id", index < ids.count ? ids[index] : 254)
        write(index < spools.count ? spools[index] : nil, tag: nil, remain: 0, to: &writer)
    }

    /// A spool; `nil` writes what stands for none in an external holder.
    private func write(_ spool: Spool?, tag: Spool.Tag?, remain: Int, to writer: inout JSONWriter) {
        let filament = spool?.filament
        let color = spool.map { $0.color + "FF" } ?? "00000000"
        writer.field("remain", remain)
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
        writer.quoted("bed_temp", tag == nil ? 0 : filament?.bed ?? 0)
        writer.quoted("nozzle_temp_max", filament?.nozzle.upperBound ?? 0)
        writer.quoted("nozzle_temp_min", filament?.nozzle.lowerBound ?? 0)
        writer.field("tray_uuid", tag?.uuid ?? "00000000000000000000000000000000")
        writer.members(#""cali_idx":-1,"bed_temp_type":"0","xcam_info":"000000000000000000000000""#)
        if dialect == .delta { writer.members(#""k":0.019999999552965164,"n":1"#) }
        guard dialect != .classic else { return }
        writer.field("ctype", dialect == .delta ? 0 : 2)
        writer.array("cols") { $0.element(color) }
    }

    private var unitBits: Int {
        machine.filament.units.reduce(0) { $0 | 1 << ($1.id >= 128 ? 4 + $1.id - 128 : $1.id == 16 ? 12 : $1.id) }
    }

    /// The slots that hold a spool.
    private var slotBits: Int {
        machine.filament.units.reduce(0) { bits, unit in
            let first = unit.id >= 128 ? 16 + unit.id - 128 : unit.id == 16 ? 24 : 4 * unit.id
            return unit.slots.indices.reduce(bits) { unit.slots[$1] == nil ? $0 : $0 | 1 << (first + $1) }
        }
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
