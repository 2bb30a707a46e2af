import Glibc

/// Writes samples, the lines of an exposition with values, into its own memory.
///
/// It uses raw memory, because appending to `[UInt8]` doubles the cost.
package struct SampleWriter: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        memory = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit {
        memory.deallocate()
    }

    /// Writes one sample. Values that are not finite are omitted, since absence expresses the same.
    ///
    /// - Parameters:
    ///   - labels: The labels that it shares with other samples; see `LabelTable`.
    ///   - names: The names of its own labels, which follow the shared ones.
    package mutating func sample(
        _ name: MetricName, _ labels: UnsafeRawBufferPointer, _ value: Double, own names: [LabelName] = [],
        _ texts: [String] = []
    ) {
        guard value.isFinite else { return }
        // Includes the end of the line: a brace, a space, a number and a line feed.
        reserve(name.bytes.count + labels.count + 48)
        name.bytes.withUnsafeBytes { put($0) }
        put(labels)
        if add(names, texts, isFirst: labels.isEmpty) { put(UInt8(ascii: "}")) }
        put(UInt8(ascii: " "))
        put(value)
        put(UInt8(ascii: "\n"))
    }

    /// Adds a row to a table of labels: `shared`, and then its own labels.
    mutating func add(_ shared: LabelSet, _ names: [LabelName], _ texts: [String]) {
        reserve(shared.bytes.count)
        shared.bytes.withUnsafeBytes { put($0) }
        _ = add(names, texts, isFirst: shared.bytes.isEmpty)
    }

    /// Calls `body` with the written bytes, valid during the call.
    borrowing func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    package consuming func finish() -> [UInt8] {
        withBytes { Array($0) }
    }

    /// Adds labels. Returns whether there are any, these or earlier ones.
    mutating func add(_ names: [LabelName], _ texts: [String], isFirst: Bool) -> Bool {
        var isFirst = isFirst
        for index in 0..<min(names.count, texts.count) {
            add(names[index], texts[index], isFirst: isFirst)
            isFirst = false
        }
        return !isFirst
    }

    private mutating func add(_ label: LabelName, _ text: String, isFirst: Bool) {
        var text = text
        text.withUTF8 { text in
            // Every byte of the text may become two.
            reserve(label.bytes.count + 2 * text.count + 48)
            put(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ","))
            label.bytes.withUnsafeBytes { put($0) }
            if Escaping.isPlain(text) {
                put(UnsafeRawBufferPointer(text))
            } else {
                for byte in text {
                    let letter = Escaping.letter(for: byte)
                    if letter != nil { put(UInt8(ascii: "\\")) }
                    put(letter ?? byte)
                }
            }
            put(UInt8(ascii: "\""))
        }
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: (count + more) * 2, alignment: 8)
        memcpy(larger, memory, count)
        memory.deallocate()
        memory = larger
        capacity = (count + more) * 2
    }

    // The methods below require a call of `reserve` for their bytes.

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        memcpy(memory + count, source, bytes.count)
        count &+= bytes.count
    }

    /// Writes the shortest number that parses to the same value, without a decimal point if it is whole; at most 24
    /// bytes.
    private mutating func put(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return put(whole) }
        let thousandths = (value * 1000).rounded()
        // Both are whole numbers of at most 15 digits, so the quotient is the number nearest to the decimal fraction.
        if thousandths.magnitude < 1e15, thousandths / 1000 == value { return put(thousandths: Int64(thousandths)) }
        var text = value.description
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a decimal fraction without zeros at its end.
    private mutating func put(thousandths: Int64) {
        if thousandths < 0 { put(UInt8(ascii: "-")) }
        let (whole, fraction) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
        put(Int64(whole))
        put(UInt8(ascii: "."))
        var (rest, unit) = (fraction, UInt64(100))
        while rest > 0 {
            put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    private mutating func put(_ whole: Int64) {
        var rest = whole.magnitude
        if whole < 0 { put(UInt8(ascii: "-")) }
        var digits = 1
        var limit: UInt64 = 10
        while rest >= limit {
            digits &+= 1
            limit &*= 10
        }
        var place = count &+ digits
        count = place
        repeat {
            place &-= 1
            memory.storeBytes(
                of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: place, as: UInt8.self)
            rest /= 10
        } while rest > 0
    }
}
