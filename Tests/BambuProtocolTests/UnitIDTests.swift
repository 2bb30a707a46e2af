import Testing

@testable import BambuProtocol

@Suite("UnitID")
struct UnitIDTests {
    @Test(
        arguments: [
            (0, 4, 0, 0, "A2"), (3, 4, 3, 12, "D2"), (16, 4, 12, 24, "A2"), (128, 1, 4, 16, "HT-A2"),
            (135, 1, 11, 23, "HT-H2"), (40, 0, nil, nil, "40-2"), (4, 0, nil, nil, "4-2"),
        ] as [(Int, Int, Int?, Int?, String)])
    func `an id gives slots, bits and names`(id: Int, slots: Int, existBit: Int?, trayBit: Int?, label: String) throws {
        let unit = try #require(UnitID(id))
        #expect(unit.slotCount == slots && unit.existBit == existBit && unit.firstTrayBit == trayBit)
        #expect(unit.label(slot: 1) == label)
        #expect(label.hasPrefix(unit.name) && label.count == unit.name.count + (unit.slotCount == 0 ? 2 : 1))
    }

    @Test func `an AMS HT has one slot without a number`() {
        let (first, fourth): (UnitID, UnitID) = (128, 131)
        #expect(first.label(slot: 0) == "HT-A" && fourth.label(slot: 0) == "HT-D")
    }

    @Test(arguments: [-1, 254, 255, 256, .max, .min])
    func `an invalid id is rejected`(id: Int) {
        #expect(UnitID(id) == nil)
    }

    @Test(
        arguments: [
            (0, 0, 0), (6, 1, 2), (15, 3, 3), (24, 16, 0), (27, 16, 3), (128, 128, 0), (135, 135, 0), (16, nil, nil),
            (28, nil, nil), (136, nil, nil), (-1, nil, nil), (.max, nil, nil), (.min, nil, nil),
        ] as [(Int, Int?, Int?)])
    func `a number over all units determines a slot`(number: Int, unit: Int?, slot: Int?) {
        let found = UnitID.slot(number: number)
        #expect(found?.unit.rawValue == unit && found?.slot == slot)
    }
}
