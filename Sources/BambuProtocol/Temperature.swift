import JSONScanning

/// The measured and the target temperature of a heated part, in °C.
package struct Temperature: Sendable, Equatable {
    package var measured: Double?
    package var target: Double?

    /// Reads a number that contains both temperatures: the low half is the measured one, the high half the target.
    /// 3932208, which is 0x003C0030, is 48 °C with a target of 60 °C.
    ///
    /// Source: Bambu Studio DevExtruderSystem and DevChamber; ha-bambulab models.py:528-573.
    static func packed(
        _ reader: inout FieldReader, in range: ClosedRange<Double>, into temperature: inout Temperature?
    ) throws {
        switch try reader.integer(in: 0...Int(UInt32.max)) {
        case .nothing: return
        case .unusable: temperature = Temperature()
        case .value(let value):
            var unpacked = Temperature()
            unpacked.unpack(value, in: range, &reader)
            temperature = unpacked
        }
    }

    mutating func unpack(_ value: Int, in range: ClosedRange<Double>, _ reader: inout FieldReader) {
        let low = Double(value & 0xFFFF)
        let high = Double(value >> 16 & 0xFFFF)
        measured = range.contains(low) ? low : nil
        target = range.contains(high) ? high : nil
        if measured == nil || target == nil { reader.reject() }
    }

    /// Reads `{"temp": packed}`, which beds and chambers send.
    static func packedObject(
        _ reader: inout FieldReader, in range: ClosedRange<Double>, into temperature: inout Temperature
    ) throws {
        try reader.object { reader, key in
            guard key.equals("temp") else { return try reader.scanner.skip() }
            var found: Temperature?
            try packed(&reader, in: range, into: &found)
            temperature = found ?? temperature
        }
    }
}
