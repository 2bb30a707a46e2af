/// `print.device`: what newer firmware says about heaters, nozzles and ducts.
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
            writeRest(to: &writer)
        }
    }

    private func writeExtruders(to writer: inout JSONWriter) {
        writer.object("extruder") { writer in
            writer.array("info") { writer in
                for (index, nozzle) in machine.nozzles.enumerated() {
                    writer.object { write(nozzle, index, to: &$0) }
                }
            }
            // Bits 0 to 3 how many there are, 4 to 7 which one is in use, 8 to 11 which one is wanted.
            let active = machine.activeNozzle
            writer.field("state", machine.nozzles.count | active << 4 | active << 8)
        }
    }

    private func write(_ nozzle: Heater, _ index: Int, to writer: inout JSONWriter) {
        let filament = machine.filament
        let isLoaded = machine.activeNozzle == index && filament.loaded != nil
        writer.array("filam_bak")
        for key: StaticString in ["hnow", "hpre", "htar"] { writer.field(key, index) }
        writer.field("id", index)
        // Bit 1 filament in it, bit 3 a nozzle in it.
        writer.field("info", isLoaded ? 10 : 8)
        writer.field("snow", isLoaded ? slotNumber(filament.now) : 65535)
        writer.field("spre", 65535)
        writer.field("star", isLoaded ? slotNumber(filament.target) : 65535)
        writer.field("stat", 0)
        writer.field("temp", nozzle.packed)
    }

    private func slotNumber(_ tray: Int) -> Int {
        tray == FilamentSystem.nothing ? 65535 : AMSUnit.word(ofTray: tray)
    }

    /// 1 heating, 2 holding, 3 cooling; 0 where nothing is done, or no heater does it.
    private var chamberState: Int {
        let chamber = machine.chamber
        guard machine.model.facts.hasChamberHeater else { return 0 }
        guard chamber.target > 0 else { return chamber.temperature > 40 ? 3 : 0 }
        return chamber.temperature < chamber.target - 2 ? 1 : 2
    }

    private func writeNozzles(to writer: inout JSONWriter) {
        // An H2C carries a rack of further hotends, numbered from 16.
        let fittings = machine.fittings
        let isRack = machine.model == .h2c
        let mounted = 16 + fittings.mounted
        let rack = isRack ? (16..<16 + Fittings.rackPlaces).filter { $0 != mounted } : []
        writer.object("nozzle") { writer in
            writer.field("exist", (Array(machine.nozzles.indices) + rack).reduce(0) { $0 | 1 << $1 })
            writer.array("info") { writer in
                for id in Array(machine.nozzles.indices) + rack {
                    writer.object { writer in
                        writer.field("diameter", 0.4)
                        writer.field("id", id)
                        writer.field("p_t", Int(seconds(of: id)))
                        writer.field("tm", 0)
                        writer.field("type", "HS01")
                        writer.field("wear", 0)
                        writer.field("stat", 0)
                        writer.field("color_m", "00000000")
                        writer.field("fila_id", "")
                        writer.field("sn", "")
                    }
                }
            }
            if isRack {
                writer.field("src_id", mounted)
                writer.field("tar_id", mounted)
            }
            writer.field("state", 0)
        }
    }

    /// How long the hotend with this id has printed; older firmware says 0.
    private func seconds(of id: Int) -> Double {
        let fittings = machine.fittings
        guard machine.model.facts.dialect == .device else { return 0 }
        if id >= 16 { return fittings.hotendSeconds[id - 16] }
        return machine.model == .h2c && id == 0 ? fittings.hotendSeconds[fittings.mounted] : fittings.nozzleSeconds
    }

    private func writeDucts(to writer: inout JSONWriter) {
        let fans = FanSpeeds(of: machine)
        var parts = [(id: 16, function: 0, percent: FanSpeeds.percent(fans.part))]
        if machine.model.facts.hasSideFans {
            parts += [
                (32, 1, FanSpeeds.percent(fans.auxiliary)), (48, 2, FanSpeeds.percent(fans.chamber)),
                (96, 3, FanSpeeds.percent(fans.heatbreak)),
            ]
        }
        writer.object("airduct") { writer in
            writer.field("modeCur", machine.fittings.isExhausting ? 2 : machine.chamber.target > 0 ? 1 : 0)
            writer.array("modeList") { writer in
                for mode in 0...1 {
                    writer.object { writer in
                        writer.array("ctrl") { writer in for part in parts { writer.element(part.id) } }
                        writer.field("modeId", mode)
                        writer.array("off")
                    }
                }
            }
            writer.array("parts") { writer in
                for part in parts {
                    writer.object { writer in
                        writer.field("func", part.function)
                        writer.field("id", part.id)
                        writer.field("range", 100 << 16)
                        writer.field("state", part.percent)
                    }
                }
            }
            writer.field("subMode", 0)
        }
    }

    private func writeRest(to writer: inout JSONWriter) {
        writer.object("cam") { writer in
            writer.object("laser") { writer in
                writer.field("cond", 253)
                writer.field("state", 0)
            }
        }
        writer.object("ext_tool") { writer in
            writer.field("calib", 2)
            writer.field("low_prec", true)
            writer.field("mount", 0)
            writer.field("th_temp", 0)
            writer.field("type", "")
        }
        writer.field("fan", 0)
        writer.null("holder")
        writer.object("laser") { $0.field("power", 0) }
        writer.object("plate") { writer in
            writer.field("base", 4)
            writer.field("cali2d_id", "")
            writer.field("cur_id", "P0101")
            writer.field("mat", 1)
            writer.field("tar_id", "")
        }
        writer.field("type", 1)
    }
}
