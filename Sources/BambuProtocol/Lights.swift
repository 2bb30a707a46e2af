import JSONScanning

/// One of a printer's lights. Wire: `lights_report[]`.
package struct Light: Sendable, Equatable {
    /// `chamber`, `work`, `chamber2`: the wire's `node` without its `_light`.
    package var name = ""
    /// Whether it is on or flashing. The `work` light reports flashing both when on and when off, and is left out then.
    package var isOn = false

    /// More lights than any printer has. Further ones are dropped and counted.
    private static let limit = 8

    static let fields: [Field<PrintSection>] = [
        Field("lights_report") { reader, section in
            var lights: [Light] = []
            let isArray = try reader.array { reader in
                var wire = Wire()
                let before = reader.rejected
                guard try wireFields.read(&reader, into: &wire) != nil else { return }
                guard let node = wire.node, let mode = wire.mode, lights.count < limit else {
                    return reader.reject(unlessSince: before)
                }
                if node == "work_light", mode == "flashing" { return }
                let light = Light(name: name(of: node), isOn: mode == "on" || mode == "flashing")
                if !lights.contains(where: { $0.name == light.name }) { lights.append(light) }
            }
            if isArray { section.state.lights = lights }
        }
    ]

    private struct Wire {
        var node: String?
        var mode: String?
    }

    private static let wireFields = FieldTable<Wire>([
        Field("node") { try $0.text(into: &$1.node) },
        Field("mode") { try $0.text(into: &$1.mode) },
    ])

    /// Nearly all lights. A search in the text costs more than the rest of the field.
    private static let names = ["chamber_light": "chamber", "chamber_light2": "chamber2", "work_light": "work"]

    private static func name(of node: String) -> String {
        names[node]
            ?? node.split(separator: "_").reduce("") { name, word in
                if name.isEmpty { return String(word) }
                return word.hasPrefix("light") ? name + word.dropFirst("light".count) : "\(name)_\(word)"
            }
    }
}
