/// Health messages that printers list, some of them permanently, but the printer's screen and the manufacturer's
/// software do not show.
///
/// All but one are in the manufacturer's public catalogue of July 2026 without a text, which marks internal codes; the
/// manufacturer's software leaves such messages out (Bambu Studio HMS.cpp). 0500_0100_0002_000B is in no catalogue, and
/// some X2D list it permanently (BambuHelper #164). P2S and X2D list 0500_0600_0002_0070 (ha-bambulab #1985), X2D
/// 0503_0000_0003_0027.
package enum HiddenMessages {
    static func contain(attribute: UInt32, number: UInt32) -> Bool {
        numbers[attribute]?.contains(number) == true
    }

    /// All codes in the form of the manufacturer's wiki.
    package static var codes: [String] {
        numbers.flatMap { attribute, numbers in
            numbers.compactMap { HMSMessage(attribute: attribute, number: $0)?.code }
        }.sorted()
    }

    /// The values of `code` on the wire, by its `attr`.
    private static let numbers: [UInt32: Set<UInt32>] = [
        0x0300_1800: [0x0_0000],
        0x0300_2600: [0x0_0000],
        0x0500_0100: [0x1_000A, 0x2_0003, 0x2_0008, 0x2_0009, 0x2_000B, 0x3_0009],
        0x0500_0200: [0x2_0009, 0x2_000A, 0x2_000B, 0x3_0009, 0x3_000A, 0x3_000B, 0x3_000C],
        0x0500_0300: [
            0x1_0053, 0x2_0010, 0x2_0011, 0x2_0012, 0x2_0013, 0x2_0014, 0x2_0015, 0x2_0016, 0x2_0017,
            0x2_0018, 0x2_0019, 0x2_0050, 0x2_0051, 0x2_0052, 0x2_0053, 0x2_0054, 0x3_0007,
        ],
        0x0500_0400: [0x1_0056, 0x1_0060, 0x1_0061, 0x2_0020],
        0x0500_0500: [0x1_0008, 0x1_0009, 0x1_000A, 0x1_000B, 0x1_000C, 0x2_0023, 0x2_0030],
        0x0500_0600: [
            0x2_0005, 0x2_0006, 0x2_0007, 0x2_0008, 0x2_0009, 0x2_0011, 0x2_0012, 0x2_0013, 0x2_0014,
            0x2_0015, 0x2_0021, 0x2_0022, 0x2_0023, 0x2_0024, 0x2_0025, 0x2_0035, 0x2_0041, 0x2_0042,
            0x2_0043, 0x2_0044, 0x2_0045, 0x2_0051, 0x2_0052, 0x2_0053, 0x2_0054, 0x2_0061, 0x2_0062,
            0x2_0070, 0x2_0071, 0x2_00A0, 0x2_00A1,
        ],
        0x0500_0700: [0x2_0001, 0x2_0002, 0x2_0003, 0x2_0101, 0x2_0201],
        0x0503_0000: [0x3_0027, 0x3_0028, 0x3_0029],
        0x0C00_0100: [0x1_0018, 0x2_000E, 0x2_0015, 0x2_0016, 0x2_0019, 0x2_001A, 0x2_001B],
        0x0C00_0300: [0x3_001A],
        0x0C00_0400: [0x2_0006],
    ]
}
