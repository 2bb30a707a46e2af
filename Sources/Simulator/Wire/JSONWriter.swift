/// Writes compact JSON, one report after the other into one buffer.
///
/// Keys are ASCII without anything to escape. Foundation's encoder would take most of a core at a thousand printers.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var isFirst = true

    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object that is no member of another one.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    package mutating func object(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
        name(key)
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    package mutating func array(_ key: StaticString, _ body: (inout JSONWriter) -> Void = { _ in }) {
        name(key)
        enclose(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    package mutating func field(_ key: StaticString, _ value: Int) {
        name(key)
        write(value)
    }

    package mutating func field(_ key: StaticString, _ value: Bool) {
        name(key)
        write(value ? "true" : "false")
    }

    package mutating func field(_ key: StaticString, _ value: String) {
        name(key)
        quote(value)
    }

    /// Writes a number as a string, as most small numbers are on this wire.
    package mutating func quoted(_ key: StaticString, _ value: Int) {
        name(key)
        bytes.append(UInt8(ascii: "\""))
        write(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a number, without a fraction where it has none.
    package mutating func field(_ key: StaticString, _ value: Double) {
        name(key)
        if let whole = Int(exactly: value) {
            write(whole)
        } else {
            bytes += value.isFinite ? value.description.utf8 : "null".utf8
        }
    }

    package mutating func null(_ key: StaticString) {
        name(key)
        write("null")
    }

    package mutating func element(_ value: Int) {
        separate()
        write(value)
    }

    package mutating func element(_ value: String) {
        separate()
        quote(value)
    }

    private mutating func enclose(_ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) -> Void) {
        bytes.append(opening)
        isFirst = true
        body(&self)
        bytes.append(closing)
        isFirst = false
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func name(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        write(key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func write(_ value: Int) {
        guard value != 0 else { return bytes.append(UInt8(ascii: "0")) }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += [UInt8](#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
