import BambuProtocol

/// An AMS unit and its spools: as a section of a card, or as a line of a row.
struct UnitSection {
    let unit: AMSUnit
    /// The slot that feeds the nozzle in use; `nil` if it is not known.
    let source: FilamentSource?

    private var slots: [SpoolView] {
        unit.slots.enumerated().map { index, slot in
            SpoolView(
                place: unit.id.label(slot: index), tray: slot.isPresent ? slot.tray : nil, isTracking: unit.isTracking,
                isActive: source == .slot(unit: unit.id, slot: index))
        }
    }

    var html: Markup {
        let slots: [Markup] = slots.map(\.slot)
        return """
            <section class="unit"><h4>\(StatusText.unit(unit)) <small>\(air)</small></h4><ul class="slots">\(slots)</ul></section>
            """
    }

    var line: Markup {
        let chips: [Markup] = slots.map(\.chip)
        return "<span class=\"group\"><b>\(unit.id.name)</b> \(chips)<span class=\"dim\">\(shortAir)</span></span> "
    }

    /// Humidity, temperature and drying.
    private var air: String {
        var parts: [String] = []
        if let percent = unit.humidityRaw {
            parts.append("\(StatusText.number(percent)) % humidity, \(StatusText.humidity(percent: percent))")
        } else if let index = unit.humidityIndex {
            parts.append("humidity \(index), \(StatusText.humidity(index: index))")
        }
        if let celsius = unit.temperature { parts.append("\(StatusText.number(celsius)) °C") }
        return (parts + drying).joined(separator: ", ")
    }

    /// Humidity and drying; RH is relative humidity.
    private var shortAir: String {
        var parts: [String] = []
        if let percent = unit.humidityRaw {
            parts.append("\(StatusText.number(percent)) % RH")
        } else if let index = unit.humidityIndex {
            parts.append("humidity \(index) of 5 (5 is driest)")
        }
        return (parts + drying).joined(separator: ", ")
    }

    private var drying: [String] {
        guard let minutes = unit.drying.minutes, minutes > 0 else { return [] }
        return ["drying, \(StatusText.duration(minutes * 60)) left"]
    }
}
