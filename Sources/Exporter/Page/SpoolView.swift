import BambuProtocol

/// A slot or an external spool: as a box in a card, or as a chip in a row.
struct SpoolView {
    let place: String
    /// `nil` in an empty slot.
    let tray: Tray?
    let isTracking: Bool
    /// Whether it feeds the nozzle in use.
    let isActive: Bool

    /// The percentage left; `nil` if it is not tracked.
    private var left: Double? { isTracking ? tray?.remaining : nil }

    /// The CSS class of the amount's colour.
    private var level: Markup {
        guard let left else { return "unknown" }
        return left < AlertRules.filamentLow ? "lowest" : left < AlertRules.filamentShown ? "low" : "full"
    }

    private var type: String { tray.map { $0.type.isEmpty ? "unknown" : $0.type } ?? "empty" }

    private var swatch: Markup {
        // The colour has six hexadecimal digits, or is empty.
        guard let color = tray?.color, !color.isEmpty else { return "<i class=\"swatch\"></i>" }
        return "<i class=\"swatch\" style=\"background:#\(color)\"></i>"
    }

    private var style: Markup? { isActive ? " active" : tray == nil ? " empty" : nil }

    var slot: Markup {
        let mark: Markup? = isActive ? "<b class=\"mark\">in use</b>" : nil
        guard tray != nil else {
            return "<li class=\"slot\(style)\"><span class=\"place\">\(place)</span><span>empty</span>\(mark)</li>"
        }
        let bar: Markup? = left.map {
            "<span class=\"rest\"><span class=\"\(level)\" style=\"width:\(Int(min(max($0, 0), 100)))%\"></span></span>"
        }
        let amount = left.map { "\(StatusText.number($0)) %" } ?? "not tracked"
        return """
            <li class="slot\(style)"><span class="place">\(swatch)\(place)</span><span class="type">\(type)</span>
            <span class="amount">\(amount)</span>\(bar)\(mark)</li>
            """
    }

    var chip: Markup {
        guard tray != nil else { return "<span class=\"chip empty\" title=\"\(place)\">\(swatch)–</span> " }
        let amount: Markup? = left.map { " <span class=\"\(level)\">\(StatusText.number($0)) %</span>" }
        let mark: Markup? = isActive ? " <b class=\"mark\">in use</b>" : nil
        return
            "<span class=\"chip\(style)\" title=\"\(place)\">\(swatch)<span class=\"kind\">\(type)</span>\(amount)\(mark)</span> "
    }
}
