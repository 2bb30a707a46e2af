extension Fault.Kind {
    /// What becomes of the printer's fittings as the fault begins, or ends; `nil` for a fault of another part.
    func change(_ isOn: Bool) -> Fittings.Change? {
        switch self {
        case .dryingRefused: .dryingRefusals(isOn ? [1, 8] : [])
        case .open: .lid(isOpen: isOn)
        case .exhaust: .exhaust(isOn: isOn)
        case .cardReadOnly: .card(isOn ? .readOnly : .normal)
        case .cardOut: .card(isOn ? .absent : .normal)
        case .developerMode: .developerMode(isOn: isOn)
        case .hotendSwap: .nextHotend
        default: nil
        }
    }
}
