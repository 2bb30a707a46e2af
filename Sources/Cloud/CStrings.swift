import Glibc

/// Copies of texts for a call of C, which are wiped after it, because some are secrets.
struct CStrings {
    private var copies: [(start: UnsafeMutablePointer<CChar>, count: Int)] = []

    /// The text with a zero at its end, until `wipe`.
    mutating func add(_ text: String) -> UnsafeMutablePointer<CChar> {
        let count = text.utf8.count
        let start = UnsafeMutablePointer<CChar>.allocate(capacity: count + 1)
        for (index, byte) in text.utf8.enumerated() { start[index] = CChar(bitPattern: byte) }
        start[count] = 0
        copies.append((start, count))
        return start
    }

    mutating func wipe() {
        for copy in copies {
            explicit_bzero(copy.start, copy.count)
            copy.start.deallocate()
        }
        copies = []
    }
}
