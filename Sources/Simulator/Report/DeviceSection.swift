/// `print.device`: heaters, nozzles and air ducts in the format of newer firmware.
struct DeviceSection {
    let machine: Machine

    private var facts: PrinterModel.Facts { machine.model.facts }

    var text: JSONText {
        let (bed, chamber) = (machine.bed, machine.chamber)
        let ctc: JSONText = #""ctc":{"info":{"temp":\#(chamber.packed)},"state":\#(chamberState)}"#
        let members: [JSONText] = [
            #""bed":{"info":{"temp":\#(bed.packed)},"state":\#(bed.target > 0 ? 2 : 0)},"bed_temp":\#(bed.packed)"#,
            facts.hasChamberSensor ? ctc : "",
            extruders,
            nozzles,
            facts.dialect == .x1 ? "" : ducts,
            ConstantMembers["device"],
        ]
        return #""device":{\#(members)}"#
    }

    private var extruders: JSONText {
        let (filament, active) = (machine.filament, machine.activeNozzle)
        let infos: [JSONText] = machine.nozzles.enumerated().map { id, nozzle in
            let isLoaded = active == id && filament.loaded != nil
            // Bit 1 of `info`: filament present; bit 3: nozzle present.
            return """
                {"hnow":\(id),"hpre":\(id),"htar":\(id),"id":\(id),"info":\(isLoaded ? 10 : 8),\
                "snow":\(isLoaded ? slotNumber(filament.now) : 65535),\
                "star":\(isLoaded ? slotNumber(filament.target) : 65535),\
                "temp":\(nozzle.packed),"filam_bak":[],"spre":65535,"stat":0}
                """
        }
        // Bits 0 to 3: number of nozzles; 4 to 7: active nozzle; 8 to 11: target nozzle.
        return #""extruder":{"info":[\#(infos)],"state":\#(machine.nozzles.count | active << 4 | active << 8)}"#
    }

    private func slotNumber(_ tray: Int) -> Int {
        tray == FilamentSystem.unloaded ? 65535 : AMSUnit.word(ofTray: tray)
    }

    /// 1 heating, 2 holding, 3 cooling; 0 if inactive or without a heater.
    private var chamberState: Int {
        let chamber = machine.chamber
        guard facts.hasChamberHeater else { return 0 }
        guard chamber.target > 0 else { return chamber.temperature > 40 ? 3 : 0 }
        return chamber.temperature < chamber.target - 2 ? 1 : 2
    }

    private var nozzles: JSONText {
        // An H2C has a rack of additional hotends, numbered from 16.
        let isRack = machine.model == .h2c
        let mounted = 16 + machine.fittings.mounted
        let rack = isRack ? (16..<16 + Fittings.rackPlaces).filter { $0 != mounted } : []
        let ids = Array(machine.nozzles.indices) + rack
        let infos: [JSONText] = ids.map { id in
            #"{"id":\#(id),"p_t":\#(Int(seconds(of: id))),\#(ConstantMembers["nozzle"])}"#
        }
        let places: JSONText = #""src_id":\#(mounted),"tar_id":\#(mounted),"#
        let bits = ids.reduce(0) { $0 | 1 << $1 }
        return #""nozzle":{"exist":\#(bits),"info":[\#(infos)],\#(isRack ? places : "")"state":0}"#
    }

    /// The print time of the hotend with this id; older firmware reports 0.
    private func seconds(of id: Int) -> Double {
        let fittings = machine.fittings
        guard facts.dialect == .device else { return 0 }
        if id >= 16 { return fittings.hotendSeconds[id - 16] }
        return machine.model == .h2c && id == 0 ? fittings.hotendSeconds[fittings.mounted] : fittings.nozzleSeconds
    }

    private var ducts: JSONText {
        let fans = FanSpeeds(of: machine)
        var parts = [(id: 16, function: 0, speed: fans.part)]
        if facts.hasSideFans { parts += [(32, 1, fans.auxiliary), (48, 2, fans.chamber), (96, 3, fans.heatbreak)] }
        let current = machine.fittings.isExhausting ? 2 : machine.chamber.target > 0 ? 1 : 0
        let modes: [JSONText] = (0...1).map { #"{"ctrl":[\#(parts.map(\.id))],"modeId":\#($0),"off":[]}"# }
        let states: [JSONText] = parts.map { id, function, speed in
            #"{"func":\#(function),"id":\#(id),"range":\#(100 << 16),"state":\#(FanSpeeds.percent(speed))}"#
        }
        return #""airduct":{"modeCur":\#(current),"modeList":[\#(modes)],"parts":[\#(states)],"subMode":0}"#
    }
}
