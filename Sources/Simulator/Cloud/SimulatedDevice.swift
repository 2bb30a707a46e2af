extension SimulatedAccount {
    /// A printer that is bound to the account.
    package struct Device: Sendable {
        package var serial: String
        package var name: String
        package var model: PrinterModel
        package var accessCode: String
        package var isOnline = true
        package var status = "IDLE"
        /// Further firmware that is offered.
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
    private var product: String { model == .x1c ? "X1 Carbon" : model.rawValue }

    /// Its element in the answer of `bind`; the access code ends in a line feed, as it does there.
    var bound: String {
        JSONWriter.object { writer in
            writer.field("dev_id", serial)
            writer.field("name", name)
            writer.field("online", isOnline)
            writer.field("print_status", status)
            writer.field("dev_model_name", model.facts.code)
            writer.field("dev_product_name", product)
            writer.field("dev_access_code", accessCode + "\n")
            writer.members(#""nozzle_diameter":0.4,"dev_structure":"CoreXY","print_job":null"#)
            writer.members(json: bindMembers)
        }
    }

    /// Its element in the answer of `print`.
    var printing: String {
        JSONWriter.object { writer in
            writer.field("dev_id", serial)
            writer.field("dev_name", name)
            writer.field("dev_model_name", model.facts.code)
            writer.field("dev_product_name", product)
            writer.field("dev_online", isOnline)
            writer.field("dev_access_code", accessCode)
            writer.field("task_status", status)
            writer.members(
                """
                "task_id":null,"task_name":null,"model_id":null,"project_id":null,"profile_id":null,"start_time":null,\
                "prediction":null,"progress":null,"thumbnail":null
                """)
        }
    }

    /// Its element in the answer of `version`.
    var version: String {
        JSONWriter.object { writer in
            writer.field("dev_id", serial)
            writer.field("version", model.facts.firmware)
            writer.objects("firmware", [model.facts.firmware] + offered) { writer, version in
                writer.field("version", version)
                writer.members(
                    """
                    "force_update":false,"url":"https://example.com/firmware","description":"","status":"release"
                    """)
            }
            writer.members(json: versionMembers)
        }
    }
}
