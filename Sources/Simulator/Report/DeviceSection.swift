/// `print.device`: heaters, nozzles and ducts as newer firmware reports them.
struct DeviceSection {
    let machine: Machine

    func write(to writer: inout JSONWriter) {
        writer.object("device") { writer in
            writer.object("bed") { writer in
                writer.object("info") { $0.field("temp", machine.bed.packed) }
                writer.field("state", machine.bed.target > 0 ? 2 : 0)
            }
            writer.field("bed_temp", machine.bed.packed)
            if machine.model.facts.hasChamberSensor {
                writer.object("ctc") { writer in
                    writer.object("info") { $0.field("temp", machine.chamber.packed) }
                    writer.field("state", chamberState)
                }
            }
            writeExtruders(to: &writer)
            writeNozzles(to: &writer)
            if machine.model.facts.dialect != .x1 { writeDucts(to: &writer) }
            writer.members(Self.constants)
        }
    }

    private static let constants: StaticString = """
        "cam":{"laser":{"cond":253,"state":0}},\
        "ext_tool":{"calib":2,"low_prec":true,"mount":0,"th_temp":0,"type":""},"fan":0,"holder":null,\
        "laser":{"power":0},"plate":{"base":4,"cali2d_id":"","cur_id":"P0101","mat":1,"tar_id":""},"type":1
        """

    private func writeExtruders(to writer: inout JSONWriter) {
        let (filament, active) = (machine.filament, machine.activeNozzle)
        writer.object("extruder") { writer in
            writer.objects("info", machine.nozzles.enumerated()) { writer, nozzle in
                let isLoaded = active == nozzle.offset && filament.loaded != nil
                for key: StaticString in ["hnow", "hpre", "htar", "id"] { writer.field(key, nozzle.offset) }
                // Bit 1 filament in it, bit 3 a nozzle in it.
                writer.field("info", isLoaded ? 10 : 8)
                writer.field("snow", isLoaded ? slotNumber(filament.now) : 65535)
                writer.field("star", isLoaded ? slotNumber(filament.target) : 65535)
                writer.field("temp", nozzle.element.packed)
                writer.members(#""filam_bak":[],"spre":65535,"stat":0"#)
            }
            // Bits 0 to 3 how many there are, 4 to 7 which one is in use, 8 to 11 which one is wanted.
            writer.field("state", machine.nozzles.count | active << 4 | active << 8)
        }
    }

    private func slotNumber(_ tray: Int) -> Int {
        tray == FilamentSystem.nothing ? 65535 : AMSUnit.word(ofTray: tray)
    }

    /// 1 heating, 2 holding, 3 cooling; 0 if it does nothing or has no heater.
    private var chamberState: Int {
        let chamber = machine.chamber
        guard machine.model.facts.hasChamberHeater else { return 0 }
        guard chamber.target > 0 else { return chamber.temperature > 40 ? 3 : 0 }
        return chamber.temperature < chamber.target - 2 ? 1 : 2
    }

    private func writeNozzles(to writer: inout JSONWriter) {
        // An H2C carries a rack of further hotends, numbered from 16.
        let isRack = machine.model == .h2c
        let mounted = 16 + machine.fittings.mounted
        let rack = isRack ? (16..<16 + Fittings.rackPlaces).filter { $0 != mounted } : []
        let ids = Array(machine.nozzles.indices) + rack
        writer.object("nozzle") { writer in
            writer.field("exist", ids.reduce(0) { $0 | 1 << $1 })
            writer.objects("info", ids) { writer, id in
                writer.field("id", id)
                writer.field("p_t", Int(seconds(of: id)))
                writer.members(
                    #""diameter":0.4,"tm":0,"type":"HS01","wear":0,"stat":0,"color_m":"00000000","fila_id":"","sn":"""#)
            }
            if isRack {
                writer.field("src_id", mounted)
                writer.field("tar_id", mounted)
            }
            writer.field("state", 0)
        }
    }

    /// How long the hotend with this id has printed; older firmware reports 0.
    private func seconds(of id: Int) -> Double {
        let fittings = machine.fittings
        guard machine.model.facts.dialect == .device else { return 0 }
        if id >= 16 { return fittings.hotendSeconds[id - 16] }
        return machine.model == .h2c && id == 0 ? fittings.hotendSeconds[fittings.mounted] : fittings.nozzleSeconds
    }

    private func writeDucts(to writer: inout JSONWriter) {
        let fans = FanSpeeds(of: machine)
        var parts = [(id: 16, function: 0, speed: fans.part)]
        if machine.model.facts.hasSideFans {
            parts += [(32, 1, fans.auxiliary), (48, 2, fans.chamber), (96, 3, fans.heatbreak)]
        }
        writer.object("airduct") { writer in
            writer.field("modeCur", machine.fittings.isExhausting ? 2 : machine.chamber.target > 0 ? 1 : 0)
            writer.objects("modeList", 0...1) { writer, mode in
                writer.elements("ctrl", parts.map(\.id))
                writer.field("modeId", mode)
                writer.array("off")
            }
            writer.objects("parts", parts) { writer, part in
                writer.field("func", part.function)
                writer.field("id", part.id)
                writer.field("range", 100 << 16)
                writer.field("state", FanSpeeds.percent(part.speed))
            }
            writer.field("subMode", 0)
        }
    }
}
