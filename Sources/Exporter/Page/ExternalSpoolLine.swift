import BambuProtocol

/// The spools outside of every AMS unit, as a line of a card or a row.
struct ExternalSpoolLine {
    let spools: ExternalSpools
    /// The spool that feeds the nozzle in use; `nil` if it is not known.
    let source: FilamentSource?

    /// `nil` if no spool is set or feeds the nozzle.
    var html: Markup? {
        let chips: [Markup] = spools.spools.compactMap { spool in
            let isActive = source == .external(spool.id)
            guard spool.tray.isSet || isActive else { return nil }
            return SpoolView(
                place: spools.label(of: spool.id), tray: spool.tray, isTracking: false, isActive: isActive
            ).chip
        }
        return chips.isEmpty ? nil : "<span class=\"group\"><b>external</b> \(chips)</span>"
    }
}
