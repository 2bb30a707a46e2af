/// The answer to `get_version`.
struct VersionAnswer {
    let machine: Machine
    let serial: String
    let sequence: String

    private typealias Module = (name: String, software: String, hardware: String, serial: String, product: String)

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.object("info") { writer in
                writer.field("command", "get_version")
                writer.field("sequence_id", sequence)
                writer.objects("module", modules) { write($1, to: &$0) }
                if machine.model.facts.dialect == .delta { writer.members(#""result":"success","reason":"""#) }
            }
        }
    }

    private func write(_ module: Module, to writer: inout JSONWriter) {
        let facts = machine.model.facts
        writer.field("name", module.name)
        if facts.dialect == .delta { writer.field("project_name", module.name == "ota" ? facts.code : "") }
        writer.field("sw_ver", module.software)
        writer.field("hw_ver", module.hardware)
        writer.field("loader_ver", "00.00.00.00")
        writer.field("sn", module.serial)
        guard facts.dialect != .classic else { return }
        writer.field("product_name", module.product)
        writer.field("visible", !module.product.isEmpty)
        writer.field("flag", module.name == "ota" ? 3 : 0)
    }

    private var modules: [Module] {
        let model = machine.model
        let isDelta = model.facts.dialect == .delta
        var modules: [Module] = [
            ("ota", model.facts.firmware, "OTA", serial, "Bambu Lab \(model.rawValue)"),
            (isDelta ? "esp32" : "rv1126", "00.00.40.10", isDelta ? "AP04" : "AP05", serial, ""),
            ("mc", "00.00.31.20", "MC07", "", ""), ("th", "00.00.08.15", "TH09", "", ""),
        ]
        if !isDelta { modules.append(("ahb", "00.00.01.10", "AHB00", "", "")) }
        return modules + machine.filament.units.enumerated().map { module(of: $1, number: $0) }
    }

    private func module(of unit: AMSUnit, number: Int) -> Module {
        let (name, hardware, software, product) =
            switch unit.kind {
            case .ams: ("ams", "AMS08", "00.00.06.50", "AMS")
            case .amsLite: ("ams_f1", "AMS_F102", "00.00.08.15", "AMS Lite")
            case .ams2Pro: ("n3f", "N3F05", "03.00.20.40", "AMS 2 Pro")
            case .amsHT: ("n3s", "N3S05", "03.00.20.40", "AMS HT")
            }
        let serial = "\(unit.kind.prefix)00A\(900_000_000 + unit.id)"
        return ("\(name)/\(unit.id)", software, hardware, serial, "\(product) (\(number + 1))")
    }
}
