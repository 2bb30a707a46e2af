extension SimulatedAccount {
    package struct Device: Sendable {
        package var serial: String
        package var name: String
        package var model: PrinterModel
        package var accessCode: String
        package var isOnline = true
        package var status = "IDLE"
        package var offered: [String] = []
        /// Additional members of its element in `bind`, each as JSON, such as `"ams_units":[…]`.
        package var bindMembers = ""
        /// Additional members of its element in `device/version`, each as JSON.
        package var versionMembers = ""
        /// The latest task as JSON; "" without a task.
        package var task = ""
    }
}

extension SimulatedAccount.Device {
    private var product: String { model == .x1c ? "X1 Carbon" : model.rawValue }

    /// Its element in the answer of `bind`; the access code ends in a line feed, as in real answers.
    var bound: JSONText {
        """
        {"dev_id":\(serial),"name":\(name),"online":\(isOnline),"print_status":\(status),\
        "dev_model_name":\(model.facts.code),"dev_product_name":\(product),"dev_access_code":\(accessCode + "\n"),\
        "nozzle_diameter":0.4,"dev_structure":"CoreXY","print_job":null\(Self.following(bindMembers))}
        """
    }

    /// Its element in the answer of `print`.
    var printing: JSONText {
        """
        {"dev_id":\(serial),"dev_name":\(name),"dev_model_name":\(model.facts.code),"dev_product_name":\(product),\
        "dev_online":\(isOnline),"dev_access_code":\(accessCode),"task_status":\(status),\
        "task_id":null,"task_name":null,"model_id":null,"project_id":null,"profile_id":null,"start_time":null,\
        "prediction":null,"progress":null,"thumbnail":null}
        """
    }

    /// Its element in the answer of `version`.
    var version: JSONText {
        let versions: [JSONText] = ([model.facts.firmware] + offered).map { version in
            """
            {"version":\(version),"force_update":false,"url":"https://example.com/firmware","description":"",\
            "status":"release"}
            """
        }
        return """
            {"dev_id":\(serial),"version":\(model.facts.firmware),\
            "firmware":[\(versions)]\(Self.following(versionMembers))}
            """
    }

    private static func following(_ members: String) -> JSONText {
        members.isEmpty ? "" : ",\(verbatim: members)"
    }
}
