/// Writes compact JSON, one report after the other into one buffer.
///
/// Keys are ASCII without anything to escape. Foundation's encoder would take most of a core at a thousand printers.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// The text of one object.
    static func object(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.object(body)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Writes an object that is no member of another one.
    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    mutating func object(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
        name(key)
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    mutating func array(_ key: StaticString, _ body: (inout JSONWriter) -> Void = { _ in }) {
        name(key)
        enclose(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// Writes an array with an object for each of `items`.
    mutating func objects<Items: Sequence>(
        _ key: StaticString, _ items: Items, _ body: (inout JSONWriter, Items.Element) -> Void
    ) {
        array(key) { writer in
            for item in items { writer.object { body(&$0, item) } }
        }
    }

    mutating func elements(_ key: StaticString, _ values: [Int]) {
        array(key) { writer in for value in values { writer.element(value) } }
    }

    /// Writes members that never change, as JSON without the braces around them.
    mutating func members(_ text: StaticString) {
        separate()
        write(text)
    }

    /// Writes members that are JSON already; "" writes none.
    mutating func members(json text: String) {
        guard !text.isEmpty else { return }
        separate()
        bytes += text.utf8
    }

    mutating func field(_ key: StaticString, _ value: Int) {
        name(key)
        write(value)
    }

    mutating func field(_ key: StaticString, _ value: Bool) {
        name(key)
        write(value ? "true" : "false")
    }

    mutating func field(_ key: StaticString, _ value: String) {
        name(key)
        quote(value)
    }

    /// Writes a number as a string, as most small numbers are on this wire.
    mutating func quoted(_ key: StaticString, _ value: Int) {
        name(key)
        bytes.append(UInt8(ascii: "\""))
        write(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a number, without a fraction where it has none.
    mutating func field(_ key: StaticString, _ value: Double) {
        name(key)
        if let whole = Int(exactly: value) {
            write(whole)
        } else {
            bytes += value.isFinite ? value.description.utf8 : "null".utf8
        }
    }

    mutating func element(_ value: Int) {
        separate()
        write(value)
    }

    mutating func element(_ value: String) {
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
