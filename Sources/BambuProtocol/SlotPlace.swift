/// What printers' screens call the places of spools.
package enum SlotPlace {
    private static let letters = ["A", "B", "C", "D", "E", "F", "G", "H"]

    /// A1 to D4; HT-A to HT-H of an AMS HT; A1 to A4 of an A2L's unit 16; "" where the unit has no letter.
    package static func name(slot: Int, unit: Int) -> String {
        let isHT = unit >= 128
        let letter = isHT ? unit - 128 : unit == 16 ? 0 : unit
        guard letters.indices.contains(letter) else { return "" }
        return isHT ? "HT-" + letters[letter] : letters[letter] + String(slot + 1)
    }

    /// `Ext`; of two external spools, `Ext-L` feeds the left nozzle and `Ext-R` the right one.
    package static func name(external id: Int, of count: Int) -> String {
        count == 1 ? "Ext" : id == 254 ? "Ext-L" : "Ext-R"
    }
}
