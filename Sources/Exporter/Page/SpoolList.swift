import BambuProtocol

/// An AMS unit and its spools on the page.
struct SpoolList {
    let unit: AMSUnit

    /// Below these, in percent, a bar is yellow and red; the alert rules fire below the second.
    static let low = 20.0
    static let lowest = 10.0

    var html: Markup {
        let slots: [Markup] = unit.slots.enumerated().map { index, slot in
            let place = unit.id.label(slot: index)
            guard slot.isPresent else {
                return "<li class=\"slot empty\"><span class=\"place\">\(place)</span>empty</li>"
            }
            return Self.slot(place, slot.tray, isTracking: unit.isTracking)
        }
        return """
            <section class="unit"><h3>\(Words.unit(unit)) <small>\(air)</small></h3><ul class="slots">\(slots)</ul></section>
            """
    }

    /// Humidity in words and as a number, temperature, and drying.
    private var air: String {
        var words: [String] = []
        if let percent = unit.humidityRaw {
            words.append("\(Words.humidity(percent: percent)), \(Words.number(percent)) % humidity")
        } else if let index = unit.humidityIndex {
            words.append("humidity \(index), \(Words.humidity(index: index))")
        }
        if let celsius = unit.temperature { words.append("\(Words.number(celsius)) °C") }
        if let minutes = unit.drying.minutes, minutes > 0 {
            words.append("drying, \(Words.duration(minutes * 60)) left")
        }
        return words.joined(separator: ", ")
    }

    /// One spool: its colour, place, material and what is left of it.
    static func slot(_ place: String, _ tray: Tray, isTracking: Bool) -> Markup {
        let left = isTracking ? tray.remaining : nil
        let level = left.map { $0 < lowest ? "lowest" : $0 < low ? "low" : "full" } ?? "unknown"
        // Of six hexadecimal digits, or empty.
        let colour: Markup? = tray.color.isEmpty ? nil : " style=\"background:#\(tray.color)\""
        let bar: Markup? = left.map {
            "<span class=\"rest\"><span class=\"\(level)\" style=\"width:\(Int(min(max($0, 0), 100)))%\"></span></span>"
        }
        let amount = left.map { "\(Words.number($0)) %" } ?? "not tracked"
        return """
            <li class="slot"><span class="swatch"\(colour)></span><span class="place">\(place)</span>
            <span class="type">\(tray.type.isEmpty ? "unknown" : tray.type)</span><span class="amount">\(amount)</span>\(bar)</li>
            """
    }
}
