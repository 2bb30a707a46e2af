import BambuProtocol

extension FilamentSource {
    /// The labels `ams`, `tray` and `slot` of a slot or an external spool; `nil` if nothing is loaded.
    func labels(externals: ExternalSpools) -> [String]? {
        switch self {
        case .none: nil
        case .slot(let unit, let slot): [unit.description, String(slot), unit.label(slot: slot)]
        case .external(let id): ["external", String(id), externals.label(of: id)]
        }
    }
}
