import JSONScanning

/// A printer as the account's REST interface describes it. Values that it does not report are absent.
///
/// Wire: an element of `devices[]` in the answers of `user/bind`, `user/device/version` and `user/print`, each of which
/// contains a part. Source: OpenBambuAPI cloud-http.md:438-523; ha-bambulab bambu_cloud.py:337-374.
package struct AccountDevice: Sendable, Equatable {
    /// More printers than any account has. Further ones are dropped.
    private static let limit = 5000

    /// Wire: `dev_id`.
    package private(set) var serial = ""
    /// The printer's name in the app. Wire: `name`, `dev_name`.
    package private(set) var name: String?
    /// The product, such as `X1 Carbon`. Wire: `dev_product_name`.
    package private(set) var product: String?
    /// The code of the model, such as `C12`. Wire: `dev_model_name`.
    private var code: String?
    /// Whether it is connected to the cloud. Wire: `online`, `dev_online`.
    package private(set) var isOnline: Bool?
    /// The state in lower case, such as `running`. Wire: `print_status`, `task_status`.
    package private(set) var status: String?
    /// The installed firmware. Wire: `version`.
    package private(set) var firmware: String?
    /// The available firmware versions. Wire: `firmware[].version`.
    private var offered: [String] = []
    /// When the current task started, in seconds since 1970. Wire: `start_time` of `user/print`.
    package private(set) var taskStart: Double?
    /// The estimated duration of the current task in seconds. Wire: `prediction` of `user/print`.
    package private(set) var taskSeconds: Double?
    /// Units and spools, if the answer contains any, in the printers' shape or in that of the published notes.
    package private(set) var ams: AMS?

    private init() {}

    /// The model; `nil` if the account does not report it.
    package var model: Model? {
        guard let product, !product.isEmpty else { return code.flatMap(Model.init(code:)) }
        return Model(product: product)
    }

    /// Whether newer firmware is available; `nil` if the answer lacks the installed or the available version.
    package var isUpdateAvailable: Bool? {
        guard let firmware, let running = Self.numbers(of: firmware) else { return nil }
        let versions = offered.compactMap(Self.numbers)
        return versions.isEmpty ? nil : versions.contains { running.lexicographicallyPrecedes($0) }
    }

    /// Passes to the AMS units the kind that follows from the model alone.
    package mutating func inferKinds(of model: Model) {
        ams?.inferKinds(from: Firmware(), on: model)
    }

    /// The elements of an answer's `devices[]`. Those without a serial number are left out.
    ///
    /// - Returns: `nil` if the answer has another shape.
    package static func all(in body: [UInt8]) -> [AccountDevice]? {
        AccountAnswer.elements(of: "devices", in: body, limit: limit) { reader in
            var device = AccountDevice()
            try fields.read(&reader, into: &device)
            return device.serial.isEmpty ? nil : device
        }
    }

    private static let fields = FieldTable<AccountDevice>(
        [
            Field("dev_id") { try $0.text(into: &$1.serial) },
            Field("device_id") {
                if $1.serial.isEmpty { try $0.text(into: &$1.serial) } else { try $0.scanner.skip() }
            },
            Field("name") { try $0.text(into: &$1.name) },
            Field("dev_name") { try $0.text(into: &$1.name) },
            Field("dev_product_name") { try $0.text(into: &$1.product) },
            Field("dev_model_name") { try $0.text(into: &$1.code) },
            Field("online") { try $0.flag(into: &$1.isOnline) },
            Field("dev_online") { try $0.flag(into: &$1.isOnline) },
            Field("print_status") { try readStatus(&$0, into: &$1) },
            Field("task_status") { try readStatus(&$0, into: &$1) },
            Field("version") { try $0.text(into: &$1.firmware) },
            Field("firmware") { reader, device in
                try reader.array { try offerFields.read(&$0, into: &device.offered) }
            },
            Field("start_time") { try AccountAnswer.time(&$0, into: &$1.taskStart) },
            Field("prediction") { try AccountAnswer.positive(&$0, in: 0...1e8, into: &$1.taskSeconds) },
            Field("print") { try amsTable.read(&$0, into: &$1) },
        ] + amsFields)

    private static let offerFields = FieldTable<[String]>([
        Field("version") { reader, offered in
            var version = ""
            try reader.text(into: &version)
            if !version.isEmpty, offered.count < 64 { offered.append(version) }
        }
    ])

    private static let amsTable = FieldTable<AccountDevice>(amsFields)

    private static let amsFields: [Field<AccountDevice>] = [
        Field("ams") { reader, device in
            // `device/version` has a list of firmware here, whose elements are not units.
            if try reader.scanner.peek() == .array {
                try readAMS(&reader, into: &device) { try $1.mergeUnits(&$0) }
            } else {
                try readAMS(&reader, into: &device) { try $1.merge(&$0) }
            }
        },
        Field("vir_slot") { try readAMS(&$0, into: &$1) { try $1.externals.merge(&$0) { try $1.readList(&$0) } } },
        Field("vt_tray") { try readAMS(&$0, into: &$1) { try $1.externals.merge(&$0) { try $1.readTray(&$0) } } },
        Field("ams_units") { try readAMS(&$0, into: &$1, CloudAMS.readUnits) },
        Field("external_spool") { try readAMS(&$0, into: &$1, CloudAMS.readExternal) },
    ]

    private static func readAMS(
        _ reader: inout FieldReader, into device: inout AccountDevice,
        _ read: (inout FieldReader, inout AMS) throws -> Void
    ) throws {
        var ams = device.ams ?? AMS()
        try read(&reader, &ams)
        if !ams.units.isEmpty || !ams.externals.spools.isEmpty { device.ams = ams }
    }

    private static func readStatus(_ reader: inout FieldReader, into device: inout AccountDevice) throws {
        var text: String?
        try reader.text(into: &text)
        if let text, !text.isEmpty { device.status = text.lowercased() }
    }

    /// The numbers of a version such as `01.08.02.00`; `nil` if the text is not a version.
    private static func numbers(of version: String) -> [Int]? {
        let numbers = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }
}
