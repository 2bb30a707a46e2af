extension SimulatedAccount {
    /// A printer that is bound to the account.
    package struct Device: Sendable {
        package var serial: String
        package var name: String
        package var model: PrinterModel
        package var accessCode: String
        package var isOnline = true
        package var status = "IDLE"
        /// Firmware that is offered, beside the one that runs.
        package var offered: [String] = []
        /// Further members of its element in `bind`, each as JSON, such as `"ams_units":[…]`.
        package var bindMembers = ""
        /// The same in `device/version`.
        package var versionMembers = ""
        /// Its latest task, as JSON; "" for none.
        package var task = ""
    }
}

extension SimulatedAccount.Device {
    private func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.element(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private var product: String {
        [PrinterModel.x1c: "X1 Carbon", .a1mini: "A1 mini"][model] ?? model.rawValue
    }

    /// Its element in the answer of `bind`; the access code ends in a line feed, as it does there.
    var bound: String {
        let members = [
            #""dev_id":\#(quoted(serial))"#, #""name":\#(quoted(name))"#, #""online":\#(isOnline)"#,
            #""print_status":\#(quoted(status))"#, #""dev_model_name":\#(quoted(model.facts.code))"#,
            #""dev_product_name":\#(quoted(product))"#, #""dev_access_code":\#(quoted(accessCode + "\n"))"#,
            #""nozzle_diameter":0.4,"dev_structure":"CoreXY","print_job":null"#, bindMembers,
        ]
        return "{" + members.filter { !$0.isEmpty }.joined(separator: ",") + "}"
    }

    var printing: String {
        #"{"dev_id":\#(quoted(serial)),"dev_name":\#(quoted(name)),"dev_model_name":\#(quoted(model.facts.code)),"#
            + #""dev_product_name":\#(quoted(product)),"dev_online":\#(isOnline),"dev_access_code":\#(quoted(accessCode)),"#
            + #""task_id":null,"task_name":null,"task_status":\#(quoted(status)),"model_id":null,"project_id":null,"#
            + #""profile_id":null,"start_time":null,"prediction":null,"progress":null,"thumbnail":null}"#
    }

    var version: String {
        let list = ([model.facts.firmware] + offered).map { version in
            #"{"version":\#(quoted(version)),"force_update":false,"url":"https://example.com/firmware","description":"","status":"release"}"#
        }
        let members = [
            #""dev_id":\#(quoted(serial))"#, #""version":\#(quoted(model.facts.firmware))"#,
            #""firmware":[\#(list.joined(separator: ","))]"#, versionMembers,
        ]
        return "{" + members.filter { !$0.isEmpty }.joined(separator: ",") + "}"
    }
}
