/// The answer to `get_version`.
struct VersionAnswer {
    let machine: Machine
    let serial: String
    let sequence: String

    private var facts: PrinterModel.Facts { machine.model.facts }
    private var isDelta: Bool { facts.dialect == .delta }

    var text: JSONText {
        let (chip, hardware) = isDelta ? ("esp32", "AP04") : ("rv1126", "AP05")
        let product = "Bambu Lab \(machine.model.rawValue)"
        let modules: [JSONText] = [
            module("ota", software: facts.firmware, hardware: "OTA", serial: serial, product: product),
            module(chip, software: "00.00.40.10", hardware: hardware, serial: serial),
            module("mc", software: "00.00.31.20", hardware: "MC07"),
            module("th", software: "00.00.08.15", hardware: "TH09"),
            isDelta ? "" : module("ahb", software: "00.00.01.10", hardware: "AHB00"),
        ]
        let units = machine.filament.units.enumerated().map { module(of: $1, number: $0 + 1) }
        let result: JSONText = isDelta ? #","result":"success","reason":"""# : ""
        return """
            {"info":{"command":"get_version","sequence_id":\(sequence),"module":[\(modules + units)]\(result)}}
            """
    }

    private func module(of unit: AMSUnit, number: Int) -> JSONText {
        let facts = unit.kind.facts
        return module(
            "\(facts.module)/\(unit.id)", software: facts.firmware, hardware: facts.hardware,
            serial: "\(facts.prefix)00A\(900_000_000 + unit.id)", product: "\(facts.product) (\(number))")
    }

    private func module(
        _ name: String, software: String, hardware: String, serial: String = "", product: String = ""
    ) -> JSONText {
        let project: JSONText = #","project_name":\#(name == "ota" ? facts.code : "")"#
        let flag = name == "ota" ? 3 : 0
        let more: JSONText = #","product_name":\#(product),"visible":\#(!product.isEmpty),"flag":\#(flag)"#
        return """
            {"name":\(name)\(isDelta ? project : ""),"sw_ver":\(software),"hw_ver":\(hardware),\
            "loader_ver":"00.00.00.00","sn":\(serial)\(facts.dialect == .classic ? "" : more)}
            """
    }
}
