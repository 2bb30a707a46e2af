/// The sections `print.ams`, `vt_tray` and `vir_slot`.
struct FilamentSection {
    let machine: Machine

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }
    private var isNew: Bool { machine.model.facts.isNew }

    var text: JSONText {
        let (units, slots) = (hex(unitBits), hex(slotBits))
        let raw: JSONText = #""ams_exist_bits_raw":\#(units),"#
        let external = machine.filament.external.indices.map { self.external(at: $0) }
        let sections: [JSONText] = [
            """
            "ams":{\(self.units),"ams_exist_bits":\(units),\(dialect == .delta ? "" : raw)\
            "tray_exist_bits":\(slots),"tray_is_bbl_bits":\(slots),"tray_read_done_bits":\(slots),\(scalars),\
            "tray_reading_bits":"0","insert_flag":true,"power_on_flag":\(dialect == .device)}
            """,
            isNew || machine.model == .a2l ? #""vir_slot":[\#(external)]"# : "",
            dialect == .device || machine.model == .a2l ? "" : #""vt_tray":\#(self.external(at: 0))"#,
        ]
        return "\(sections)"
    }

    /// The scalars of `print.ams`, which deltas contain as well.
    var scalars: JSONText {
        let filament = machine.filament
        return """
            "tray_now":"\(trayNumber(filament.now))","tray_tar":"\(trayNumber(filament.target))",\
            "tray_pre":"\(trayNumber(filament.previous))","version":\(filament.version)
            """
    }

    /// Printers with two nozzles report the slot within its unit here; `device.extruder` contains the unit.
    private func trayNumber(_ tray: Int) -> Int {
        machine.model.facts.nozzles > 1 && tray < 128 ? tray & 3 : tray
    }

    /// `print.ams.ams`, which a delta may contain as well.
    var units: JSONText { #""ams":[\#(machine.filament.units.map { text(of: $0) })]"# }

    private func text(of unit: AMSUnit) -> JSONText {
        let isLite = unit.kind == .amsLite
        // On H2 an AMS HT reports only the percentage.
        let humidity = unit.kind == .amsHT && dialect == .device ? 0 : unit.humidityIndex
        let slots: [JSONText] = unit.slots.enumerated().map { #"{"id":"\#($0)"\#(text(of: $1, in: unit))}"# }
        let raw: JSONText = #""humidity_raw":"\#(isLite ? 0 : Int(unit.humidity))","info":\#(info(of: unit)),"#
        return """
            {"id":"\(unit.id)","humidity":"\(humidity)","temp":\(isLite ? "0.0" : tenths(unit.temperature)),\
            "dry_time":\(Int(((unit.drying?.left ?? 0) / 60).rounded(.up))),\
            \(dialect == .classic ? "" : raw)\(dryer(of: unit))"tray":[\(slots)]}
            """
    }

    private func dryer(of unit: AMSUnit) -> JSONText {
        guard dialect != .delta else { return #""chip_id":"00000000000000000000000000000000","check":0,"# }
        guard unit.kind.canDry else { return "" }
        let drying = unit.drying
        return """
            "dry_setting":{"dry_duration":\(drying?.hours ?? -1),"dry_filament":\(drying?.filament ?? ""),\
            "dry_temperature":\(drying?.target ?? -1)},"dry_sf_reason":[\(machine.fittings.dryingRefusals)],
            """
    }

    private func text(of spool: Spool?, in unit: AMSUnit) -> JSONText {
        // Older firmware sends only the id of an empty slot; newer firmware also sends its bits.
        guard let spool else { return isNew ? #","state":26"# : "" }
        let state: JSONText =
            switch dialect {
            case .classic: ""
            case .delta: #","state":3"#
            case .x1, .device: #","state":\#(spool.tag == nil ? 9 : 11)"#
            }
        // An A1 with an AMS Lite does not track filament and reports 0 for all slots.
        return "\(state),\(text(of: spool, tag: spool.tag, remain: unit.kind == .amsLite ? 0 : spool.remain))"
    }

    /// An external spool, whose tag is not read.
    private func external(at index: Int) -> JSONText {
        let id = machine.model.facts.external[index]
        return #"{"id":"\#(id)",\#(text(of: machine.filament.external[index], tag: nil, remain: 0))}"#
    }

    /// A spool; for `nil` the values of an empty external holder.
    private func text(of spool: Spool?, tag: Spool.Tag?, remain: Int) -> JSONText {
        let filament = spool?.filament
        // The printer knows more of filament with a tag.
        let tagged = tag == nil ? nil : filament
        let drying: JSONText = dialect == .delta ? "tray" : "drying"
        let color = spool.map { $0.color + "FF" } ?? "00000000"
        let last: JSONText =
            switch dialect {
            case .classic: ""
            case .delta: #","k":0.019999999552965164,"n":1,"ctype":0,"cols":[\#(color)]"#
            case .x1, .device: #","ctype":2,"cols":[\#(color)]"#
            }
        return """
            "remain":\(remain),"total_len":\(tag == nil ? 0 : 330_000),"tag_uid":\(tag?.uid ?? "0000000000000000"),\
            "tray_id_name":\(tagged.map { "\($0.profile.dropFirst(2))-K0" } ?? ""),\
            "tray_info_idx":\(filament?.profile ?? ""),"tray_type":\(filament?.type ?? ""),\
            "tray_sub_brands":\(tagged?.brand ?? ""),"tray_color":\(color),\
            "tray_weight":"\(tag == nil ? 0 : Int(spool?.capacity ?? 0))",\
            "tray_diameter":\(tag == nil ? "0.00" : "1.75"),\
            "\(drying)_temp":"\(tagged?.dryingTemperature ?? 0)","\(drying)_time":"\(tagged?.dryingHours ?? 0)",\
            "bed_temp":"\(tagged?.bed ?? 0)","nozzle_temp_max":"\(filament?.nozzle.upperBound ?? 0)",\
            "nozzle_temp_min":"\(filament?.nozzle.lowerBound ?? 0)",\
            "tray_uuid":\(tag?.uuid ?? "00000000000000000000000000000000"),\
            \(ConstantMembers["slot"])\(last)
            """
    }

    private var unitBits: Int {
        machine.filament.units.reduce(0) { $0 | 1 << ($1.id >= 128 ? 4 + $1.id - 128 : $1.id == 16 ? 12 : $1.id) }
    }

    private var slotBits: Int {
        machine.filament.units.reduce(0) { bits, unit in
            let first = unit.id >= 128 ? 16 + unit.id - 128 : unit.id == 16 ? 24 : 4 * unit.id
            return unit.slots.indices.reduce(bits) { unit.slots[$1] == nil ? $0 : $0 | 1 << (first + $1) }
        }
    }

    /// Bits 0 to 3: kind; 4 to 7: drying; 8 to 11: nozzle; 22 to 25: state of the dryer.
    private func info(of unit: AMSUnit) -> String {
        let kind = machine.model == .a2l && unit.kind == .amsLite ? 5 : unit.kind.facts.number
        let drying = unit.drying == nil ? 0 : 2 << 4 | 1 << 22
        return hex(kind | drying | unit.nozzle << 8 | 1 << 12)
    }

    private func hex(_ value: Int) -> String { String(value, radix: 16) }

    /// A number with one decimal, as on the wire.
    private func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
