/// Recorded reports of a printer, to be played back.
package struct Recording: Sendable {
    package struct Entry: Sendable {
        /// The time in seconds since the first message.
        package let at: Double
        package let payload: [UInt8]
    }

    package let entries: [Entry]
    /// The longest recording, in seconds: ten years, which can be added to any clock without overflow.
    private static let longest = 315_360_000.0

    /// Reads a file with one message, JSON lines, or an array.
    ///
    /// An element is a message, `{"t": …, "msg": …}` with a time of day or seconds, or `{"t_ms": …, "payload": …}`.
    /// Messages without a time are a second apart.
    package init(file path: String) throws(SimulatorError) {
        let bytes = try WorkDirectory.read(path)
        let parts = Self.parts(of: bytes)
        guard !parts.isEmpty else {
            throw .file(
                path: path, reason: "cannot be played: expected JSON objects, one per line, or an array of them")
        }
        var entries: [Entry] = []
        var start: Double?
        for (index, part) in parts.enumerated() {
            let time = Self.time(of: part) ?? Double(index)
            let first = start ?? time
            start = first
            let payload = part.member("payload") ?? part.member("msg") ?? part
            // Clocks of recorders may have been set back or forward during a recording.
            let at = min(max(entries.last?.at ?? 0, time - first), Self.longest)
            entries.append(Entry(at: at, payload: Array(payload.bytes)))
        }
        self.entries = entries
    }

    /// The first complete report searched backwards from `index`, then forwards; `nil` if no entry is complete.
    package func fullReport(before index: Int) -> [UInt8]? {
        let isFull = { (entry: Entry) in
            JSONSlice(entry.payload).member("print")?.member("msg")?.text == "0"
        }
        return (entries.prefix(index + 1).last(where: isFull) ?? entries.first(where: isFull))?.payload
    }

    private static func parts(of bytes: [UInt8]) -> [JSONSlice] {
        let whole = JSONSlice(bytes)
        let elements = whole.elements
        if !elements.isEmpty { return elements }
        let lines = whole.bytes.split(separator: UInt8(ascii: "\n")).map { JSONSlice($0) }
        if lines.allSatisfy({ !$0.members.isEmpty }) { return lines }
        return whole.members.isEmpty ? [] : [whole]
    }

    private static func time(of part: JSONSlice) -> Double? {
        if part.member("payload") != nil, let milliseconds = part.member("t_ms")?.number { return milliseconds / 1000 }
        guard part.member("msg")?.members.isEmpty == false, let time = part.member("t") else { return nil }
        return time.number ?? time.text.flatMap(secondsOfDay)
    }

    /// Parses the time of day in text like `2026-03-01 10:15:00`, in seconds from an arbitrary day.
    private static func secondsOfDay(_ text: String) -> Double? {
        let numbers = text.split { !$0.isNumber && $0 != "." }.compactMap { Double($0) }
        guard numbers.count >= 6 else { return nil }
        let days = numbers[0] * 372 + numbers[1] * 31 + numbers[2]
        return days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    }
}
