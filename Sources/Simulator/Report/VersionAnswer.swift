/// The answer to `get_version`.
struct VersionAnswer {
    let machine: Machine
    let serial: String
    let sequence: String

    private struct Module {
        let name: String
        let software: String
        let hardware: String
        let serial: String
        var product = ""
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.object("info") { writer in
                writer.field("command", "get_version")
                writer.field("sequence_id", sequence)
                writer.array("module") { writer in
                    for module in modules { writer.object { write(module, to: &$0) } }
                }
                if machine.model.facts.dialect == .delta {
                    writer.field("result", "success")
                    writer.field("reason", "")
                }
            }
        }
    }

    private func write(_ module: Module, to writer: inout JSONWriter) {
        let isOld = machine.model.facts.dialect == .classic
        writer.field("name", module.name)
        if machine.model.facts.dialect == .delta {
            writer.field("project_name", module.name == "ota" ? machine.model.facts.code : "")
        }
        writer.field("sw_ver", module.software)
        writer.field("hw_ver", module.hardware)
        writer.field("loader_ver", "00.00.00.00")
        writer.field("sn", module.serial)
        guard !isOld else { return }
        writer.field("product_name", module.product)
        writer.field("visible", !module.product.isEmpty)
        writer.field("flag", module.name == "ota" ? 3 : 0)
    }

    private var modules: [Module] {
        let model = machine.model
        let isDelta = model.facts.dialect == .delta
        var modules = [
            Module(
                name: "ota", software: model.facts.firmware, hardware: "OTA", serial: serial,
                product: "Bambu Lab \(model.rawValue)"),
            Module(
                name: isDelta ? "esp32" : "rv1126", software: "00.00.40.10", hardware: isDelta ? "AP04" : "AP05",
                serial: serial),
            Module(name: "mc", software: "00.00.31.20", hardware: "MC07", serial: ""),
            Module(name: "th", software: "00.00.08.15", hardware: "TH09", serial: ""),
        ]
        if !isDelta {
            modules.append(Module(name: "ahb", software: "00.00.01.10", hardware: "AHB00", serial: ""))
        }
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
        return Module(
            name: "\(name)/\(unit.id)", software: software, hardware: hardware,
            serial: "\(unit.kind.prefix)00A\(900_000_000 + unit.id)", product: "\(product) (\(number + 1))")
    }
}
