import JSONScanning

/// The modules of a printer and their firmware, from the answer to `get_version`.
///
/// Wire: `info.module[]`. Source: OpenBambuAPI mqtt.md, `info.get_version`.
package struct Firmware: Sendable, Equatable {
    package struct Module: Sendable, Equatable {
        /// `ota` is the whole printer; `ams/0`, `n3f/0`, `n3s/128` and `ams_f1/0` are AMS units by wire id.
        package var name = ""
        package var software = ""
        package var hardware = ""
        package var serial = ""
        var productName = ""
        var projectName = ""
        /// The AMS unit of the module by its name: `n3f/1` is unit 1, an AMS 2 Pro. `nil` for other modules.
        fileprivate(set) var unit: (id: UnitID, kind: AMSUnit.Kind)?

        package static func == (left: Module, right: Module) -> Bool {
            left.name == right.name && left.software == right.software && left.hardware == right.hardware
                && left.serial == right.serial && left.productName == right.productName
                && left.projectName == right.projectName
        }

        /// The AMS unit in a module's name; `nil` if the name contains no unit.
        fileprivate static func unit(of name: String) -> (id: UnitID, kind: AMSUnit.Kind)? {
            let parts = name.split(separator: "/")
            guard parts.count == 2, let id = Int(parts[1]).flatMap(UnitID.init),
                let kind = AMSUnit.Kind(module: parts[0])
            else {
                return nil
            }
            return (id, kind)
        }
    }

    /// More modules than any printer has. Further ones are dropped and counted.
    static let moduleLimit = 64

    package private(set) var modules: [Module] = []

    package init() {}

    /// The version that the printer's screen shows, such as `01.07.00.00`; "" until the printer reports it.
    package var version: String {
        modules.first { $0.name == "ota" }?.software ?? ""
    }

    /// The model that the printer reports; `nil` until it does.
    package var model: Model? {
        let product = modules.first { $0.name == "ota" }?.productName ?? ""
        if !product.isEmpty { return Model(product: product) }
        return modules.lazy.compactMap { Model(code: $0.projectName) }.first
    }

    /// The module of the AMS unit with a wire id, for all kinds of units.
    package func module(ofUnit id: UnitID) -> Module? {
        modules.first { $0.unit?.id == id }
    }

    /// The kind of the AMS unit with a wire id; `nil` if no module identifies it.
    func kind(ofUnit id: UnitID) -> AMSUnit.Kind? {
        for index in modules.indices where modules[index].unit?.id == id { return modules[index].unit?.kind }
        return nil
    }

    /// Merges one answer. A partial answer, which has no `ota`, keeps the modules that it does not contain.
    mutating func apply(_ answer: [Module]) {
        guard !answer.contains(where: { $0.name == "ota" }) else {
            modules = answer
            return
        }
        for module in answer {
            if let index = modules.firstIndex(where: { $0.name == module.name }) {
                modules[index] = module
            } else if modules.count < Self.moduleLimit {
                modules.append(module)
            }
        }
    }

    private static let fields = FieldTable<Module>([
        Field("name") { try $0.text(into: &$1.name) },
        Field("sw_ver") { try $0.text(into: &$1.software) },
        Field("hw_ver") { try $0.text(into: &$1.hardware) },
        Field("sn") { try $0.text(into: &$1.serial) },
        Field("product_name") { try $0.text(into: &$1.productName) },
        Field("project_name") { try $0.text(into: &$1.projectName) },
    ])

    /// Reads `info.module`; `nil` if it is not an array.
    static func read(_ reader: inout FieldReader) throws -> [Module]? {
        var modules: [Module] = []
        let isArray = try reader.array { reader in
            var module = Module()
            let before = reader.rejected
            guard try fields.read(&reader, into: &module) != nil else { return }
            guard !module.name.isEmpty, modules.count < moduleLimit else { return reader.reject(unlessSince: before) }
            // A name is a label, so it must be unique: the first of two modules with the same name wins.
            if modules.contains(where: { $0.name == module.name }) { return }
            module.unit = Module.unit(of: module.name)
            modules.append(module)
        }
        return isArray ? modules : nil
    }
}
