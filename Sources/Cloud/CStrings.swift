import Glibc

/// C strings for the duration of a call. They are wiped afterwards, because some are secrets.
struct CStrings {
    private var copies: [(start: UnsafeMutablePointer<CChar>, count: Int)] = []

    /// Copies `text` as a null-terminated string, valid until `wipe`.
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
