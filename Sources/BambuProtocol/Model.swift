/// A printer model and its features.
///
/// The table decides only what to leave out: for an unknown model, everything plausible is exported. Source: Bambu
/// Studio `resources/printers`; ha-bambulab `pybambu/models.py` and const.py; bambuddy `virtual_printer/manager.py`.
package struct Model: Sendable, Equatable {
    /// The field in which a model reports its door switch.
    package enum Door: Sendable, Equatable {
        /// Bit 23 of `home_flag`, from this firmware on.
        case homeFlag(since: String)
        /// Bit 23 of `stat`.
        case stat
        case none
    }

    /// The equipment of the chamber.
    enum Chamber: Sendable {
        case open, sensor, heater
    }

    /// The side of a second auxiliary fan.
    enum Side: Sendable {
        case left, right
    }

    /// The name in the manufacturer's software, such as `X1C` or `A1 mini`.
    package let name: String
    /// The prefix of the serial number.
    let serialPrefix: String
    /// The model's codes in the version report, the account and the announcement.
    var codes: [String] = []
    var chamber = Chamber.heater
    package var door = Door.stat
    /// Whether the lid has a switch, bit 24 of `stat`.
    var hasLidSwitch = false
    /// Whether the auxiliary and chamber fans of the old fields exist.
    package var hasEnclosureFans = true
    /// The side of the second auxiliary fan, if there is one.
    var secondAuxiliary = Side.left
    /// Whether an AMS unit of no reported kind is an AMS Lite: firmware that supports other kinds reports them.
    package var hasOnlyLite = false
    /// Whether `tray_now` can count within one unit.
    var countsSlotsByUnit = true
    /// The protocol of the camera; `nil` if the model is not known.
    package var camera: CameraProtocol? = .rtsp
    /// The number of nozzles that a print can use. A rack of spare hotends does not count.
    package var nozzleCount = 1
    var hasBed = true

    package static let known: [Model] = [
        x1("X1", "00W", ["BL-P002"], door: "01.07.00.00"),
        x1("X1C", "00M", ["BL-P001"], door: "01.07.00.00"),
        x1("X1E", "03W", ["C13"], chamber: .heater, door: "01.01.02.00"),
        p1("P1P", "01S", ["C11"]),
        p1("P1S", "01P", ["C12"]),
        Model(name: "P2S", serialPrefix: "22E", codes: ["N7"], chamber: .sensor),
        bedSlinger("A1", "039", ["N2S", "A11"]),
        bedSlinger("A1 mini", "030", ["N1", "N2", "A04", "A12", "A1M"]),
        bedSlinger("A2L", "26A", ["N9"]),
        Model(name: "H2S", serialPrefix: "093", codes: ["O1S"], hasLidSwitch: true),
        Model(name: "H2D", serialPrefix: "094", codes: ["O1D"], hasLidSwitch: true, nozzleCount: 2),
        Model(name: "H2D Pro", serialPrefix: "239", codes: ["O1E", "O2D", "H2DP"], hasLidSwitch: true, nozzleCount: 2),
        Model(name: "H2C", serialPrefix: "31B", codes: ["O1C", "O1C2"], hasLidSwitch: true, nozzleCount: 2),
        Model(name: "X2D", serialPrefix: "20P", codes: ["N6"], secondAuxiliary: .right, nozzleCount: 2),
        Model(name: "R1", serialPrefix: "35F", codes: ["N8"], door: .none, nozzleCount: 0, hasBed: false),
    ]

    private static func x1(
        _ name: String, _ prefix: String, _ codes: [String], chamber: Chamber = .sensor, door version: String
    ) -> Model {
        Model(
            name: name, serialPrefix: prefix, codes: codes, chamber: chamber, door: .homeFlag(since: version),
            countsSlotsByUnit: false)
    }

    private static func p1(_ name: String, _ prefix: String, _ codes: [String]) -> Model {
        Model(
            name: name, serialPrefix: prefix, codes: codes, chamber: .open, door: .none, countsSlotsByUnit: false,
            camera: .jpeg)
    }

    private static func bedSlinger(_ name: String, _ prefix: String, _ codes: [String]) -> Model {
        Model(
            name: name, serialPrefix: prefix, codes: codes, chamber: .open, door: .none, hasEnclosureFans: false,
            hasOnlyLite: true, countsSlotsByUnit: false, camera: .jpeg)
    }

    /// A model without a name and without known features.
    package static let unknown = Model(unknown: "")

    /// Whether the table has this model.
    package var isKnown: Bool { !serialPrefix.isEmpty }

    package var hasChamberSensor: Bool { chamber != .open }
    var hasChamberHeater: Bool { chamber == .heater }
}

extension Model {
    /// The model of the first three characters of a serial number; `nil` if the prefix is unknown.
    package init?(serial: String) {
        guard let model = Self.known.first(where: { serial.hasPrefix($0.serialPrefix) }) else { return nil }
        self = model
    }

    /// The model, if the machine has a rack of hotends: serial numbers of early H2C start as those of H2D.
    var withRack: Model { name == "H2D" ? Model(named: "H2C") : self }

    /// The model of a name in `known`, or an unknown model of that name.
    package init(named name: String) {
        self = Self.known.first { $0.name == name } ?? Model(unknown: name)
    }

    /// The model of a `product_name` such as "Bambu Lab X1 Carbon". An unknown name is kept as sent.
    init(product: String) {
        let maker = "Bambu Lab "
        let name = product.hasPrefix(maker) ? String(product.dropFirst(maker.count)) : product
        let spoken = ["X1 Carbon": "X1C", "X1-Carbon": "X1C", "A1 Mini": "A1 mini"][name] ?? name
        self = Self.known.first { $0.name == spoken } ?? Model(code: name) ?? Model(unknown: product)
    }

    /// The model of a code such as `C12` or `O1S-V2`; `nil` if the code is unknown.
    init?(code: String) {
        // The suffix names a certificate authority.
        let code = code.hasSuffix("-V2") ? String(code.dropLast(3)) : code
        guard let model = Self.known.first(where: { $0.codes.contains(code) }) else { return nil }
        self = model
    }

    private init(unknown name: String) {
        self.init(name: name, serialPrefix: "", camera: nil)
    }
}
