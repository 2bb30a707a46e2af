/// What kind of printer it is, and what that kind has.
///
/// The table decides only what to leave out: of an unknown model everything plausible is exported. Source:
/// ha-bambulab `pybambu/models.py` and const.py; bambuddy `virtual_printer/manager.py`.
package struct Model: Sendable, Equatable {
    /// Where a door switch reports to.
    package enum Door: Sendable, Equatable {
        /// Bit 23 of `home_flag`, from this firmware on.
        case homeFlag(since: String)
        /// Bit 23 of `stat`.
        case stat
        case none
    }

    /// The name as the maker's software writes it, such as `X1C` or `A1 mini`.
    package let name: String
    package let hasChamberSensor: Bool
    package let door: Door
    /// Whether the auxiliary and chamber fans of the old fields exist.
    package let hasEnclosureFans: Bool
    /// Whether an AMS unit whose kind is not told can only be an AMS Lite: firmware that knows other units tells.
    package let hasOnlyLite: Bool
    /// What its camera speaks; `nil` of a model that is not known.
    package let camera: CameraLanguage?
    /// Nozzles a print can use; a rack of spare hotends counts as none.
    package let nozzleCount: Int
    /// What the serial number starts with.
    let serialPrefix: String
    /// `project_name` in the version report, where it tells.
    let projectName: String?

    private init(
        _ name: String, _ serialPrefix: String, project: String? = nil, chamber: Bool = true, door: Door = .stat,
        fans: Bool = true, lite: Bool = false, camera: CameraLanguage? = .rtsp, nozzles: Int = 1
    ) {
        self.name = name
        self.serialPrefix = serialPrefix
        projectName = project
        hasChamberSensor = chamber
        self.door = door
        hasEnclosureFans = fans
        hasOnlyLite = lite
        self.camera = camera
        nozzleCount = nozzles
    }

    package static let known: [Model] = [
        Model("X1", "00W", door: .homeFlag(since: "01.07.00.00")),
        Model("X1C", "00M", door: .homeFlag(since: "01.07.00.00")),
        Model("X1E", "03W", project: "C13", door: .homeFlag(since: "01.01.02.00")),
        Model("P1P", "01S", project: "C11", chamber: false, door: .none, camera: .jpeg),
        Model("P1S", "01P", project: "C12", chamber: false, door: .none, camera: .jpeg),
        Model("P2S", "22E", project: "N7"),
        Model("A1", "039", project: "N2S", chamber: false, door: .none, fans: false, lite: true, camera: .jpeg),
        Model("A1 mini", "030", project: "N1", chamber: false, door: .none, fans: false, lite: true, camera: .jpeg),
        Model("A2L", "26A", project: "N9", chamber: false, door: .none, fans: false, lite: true, camera: .jpeg),
        Model("H2S", "093", project: "O1S"),
        Model("H2D", "094", project: "O1D", nozzles: 2),
        Model("H2D Pro", "239", project: "O1E", nozzles: 2),
        Model("H2C", "31B", project: "O1C", nozzles: 2),
        Model("X2D", "20P", project: "N6", nozzles: 2),
    ]

    /// The model that the first three characters of a serial number name; `nil` for an unknown prefix.
    package init?(serial: String) {
        guard let model = Self.known.first(where: { serial.hasPrefix($0.serialPrefix) }) else { return nil }
        self = model
    }

    /// The model of a name as in `known`, or a model of that name of which nothing is known.
    package init(named name: String) {
        self = Self.known.first { $0.name == name } ?? Model(unknown: name)
    }

    /// The model of a `product_name` such as "Bambu Lab X1 Carbon"; a name that is not known is kept as sent.
    init(product: String) {
        let maker = "Bambu Lab "
        let name = product.hasPrefix(maker) ? String(product.dropFirst(maker.count)) : product
        let spoken = ["X1 Carbon": "X1C", "X1-Carbon": "X1C", "A1 Mini": "A1 mini"][name] ?? name
        self = Self.known.first { $0.name == spoken } ?? Model(unknown: product)
    }

    /// The model of a `project_name` such as `C12`; `nil` where it tells nothing.
    init?(project: String) {
        guard let model = Self.known.first(where: { $0.projectName == project }) else { return nil }
        self = model
    }

    /// A model of which only a name is known, and that may be empty.
    package static let unknown = Model(unknown: "")

    private init(unknown name: String) {
        self.init(name, "", camera: nil)
    }

    /// Whether the table has this model.
    package var isKnown: Bool { !serialPrefix.isEmpty }
}
