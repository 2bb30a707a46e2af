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
            <section class="unit"><h4>\(StatusText.unit(unit)) <small>\(air(inFull: true))</small></h4><ul class="slots">\(slots)</ul></section>
            """
    }

    var line: Markup {
        let chips: [Markup] = slots.map(\.chip)
        let summary: Markup = "<span class=\"dim\">\(air(inFull: false))</span>"
        return "<span class=\"group\"><b>\(unit.id.name)</b> \(chips)\(summary)</span> "
    }

    /// Humidity and drying, and in full also the temperature; RH is relative humidity.
    private func air(inFull: Bool) -> String {
        var parts: [String] = []
        if let percent = unit.humidityRaw {
            let words = inFull ? "humidity, \(StatusText.humidity(percent: percent))" : "RH"
            parts.append("\(StatusText.number(percent)) % \(words)")
        } else if let index = unit.humidityIndex {
            let words = inFull ? ", \(StatusText.humidity(index: index))" : " of 5 (5 is driest)"
            parts.append("humidity \(index)\(words)")
        }
        if inFull, let celsius = unit.temperature { parts.append("\(StatusText.number(celsius)) °C") }
        if let minutes = unit.drying.minutes, minutes > 0 {
            parts.append("drying, \(StatusText.duration(minutes * 60)) left")
        }
        return parts.joined(separator: ", ")
    }
}
