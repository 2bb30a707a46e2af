/// Writes samples, the lines of an exposition that carry values, into memory of its own.
///
/// Raw memory and not `[UInt8]`: appending to an array costs as much again as what is appended.
package struct SampleWriter: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    package private(set) var count = 0

    package init(capacity: Int = 4096) {
        memory = .allocate(byteCount: max(capacity, 64), alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    /// Writes one line. A value that is not finite is left out: it says nothing that absence does not.
    ///
    /// - Parameter labels: what stands between the braces; see `LabelRows`.
    package mutating func sample(_ name: StaticName, _ labels: UnsafeRawBufferPointer, _ value: Double) {
        guard value.isFinite else { return }
        begin(name, labels)
        end(hasLabels: !labels.isEmpty, value)
    }

    /// Writes one line, with a label of its own after those that it shares.
    package mutating func sample(
        _ name: StaticName, _ labels: UnsafeRawBufferPointer, own label: String, _ text: String, _ value: Double
    ) {
        guard value.isFinite else { return }
        begin(name, labels)
        append(label, text, isFirst: labels.isEmpty)
        end(hasLabels: true, value)
    }

    /// Writes one line, with labels of its own after those that it shares.
    package mutating func sample(
        _ name: StaticName, _ labels: UnsafeRawBufferPointer, own names: [String], _ texts: [String], _ value: Double
    ) {
        guard value.isFinite else { return }
        begin(name, labels)
        var hasLabels = !labels.isEmpty
        for (label, text) in zip(names, texts) {
            append(label, text, isFirst: !hasLabels)
            hasLabels = true
        }
        end(hasLabels: hasLabels, value)
    }

    private mutating func begin(_ name: StaticName, _ labels: UnsafeRawBufferPointer) {
        reserve(name.bytes.count + labels.count + 1)
        name.bytes.withUnsafeBytes { append($0) }
        guard !labels.isEmpty else { return }
        append(UInt8(ascii: "{"))
        append(labels)
    }

    private mutating func end(hasLabels: Bool, _ value: Double) {
        reserve(40)
        if hasLabels { append(UInt8(ascii: "}")) }
        append(UInt8(ascii: " "))
        append(value)
        append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ label: String, _ text: String, isFirst: Bool) {
        // Every byte of the text may become two.
        reserve(label.utf8.count + 2 * text.utf8.count + 4)
        append(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ","))
        append(label)
        append(UInt8(ascii: "="))
        append(UInt8(ascii: "\""))
        let start = count
        append(text)
        if memory[start..<count].contains(where: { Escaping.letter(for: $0) != nil }) {
            count = start
            for byte in text.utf8 {
                let letter = Escaping.letter(for: byte)
                if letter != nil { append(UInt8(ascii: "\\")) }
                append(letter ?? byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// What was written.
    package consuming func finish() -> [UInt8] {
        Array(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: (count + more) * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }

    // Below: only after `reserve` for as much.

    private mutating func append(_ byte: UInt8) {
        memory[count] = byte
        count += 1
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + bytes.count]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Writes the shortest number that reads back the same; without a point where it is whole.
    private mutating func append(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return append(whole) }
        append(value.description)
    }

    private mutating func append(_ whole: Int64) {
        var rest = whole.magnitude
        if whole < 0 { append(UInt8(ascii: "-")) }
        var digits = 1
        var limit: UInt64 = 10
        while rest >= limit {
            digits += 1
            limit *= 10
        }
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            memory[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += digits
    }
}

/// A metric's name as bytes, made once.
package struct StaticName: Sendable {
    let bytes: [UInt8]

    package init(_ name: String) {
        bytes = Array(name.utf8)
    }
}
