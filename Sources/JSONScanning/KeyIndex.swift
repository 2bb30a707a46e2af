import Glibc

/// Finds the position of a key in a list of keys.
package struct KeyIndex: Sendable {
    /// What a key is compared by: up to 16 bytes that is the whole key, filled up with zeros; of a longer one, the first and
    /// the last eight.
    struct Gist: Equatable {
        /// So many bytes are the whole key.
        static let width = 16

        var head: UInt64 = 0
        var tail: UInt64 = 0
        var count = 0

        init() {}

        /// The gist of a key of less than 16 bytes, which are the first ones of two words.
        @inline(__always)
        init(_ first: UInt64, _ second: UInt64, count: Int) {
            // Shifts by 64 and more leave nothing.
            head = first & ~(UInt64.max << UInt64(count * 8))
            tail = count > 8 ? second & ~(UInt64.max << UInt64(count * 8 - 64)) : 0
            self.count = count
        }

        init(_ bytes: UnsafeBufferPointer<UInt8>) {
            count = bytes.count
            if count > Self.width, let base = UnsafeRawPointer(bytes.baseAddress) {
                head = UInt64(littleEndian: base.loadUnaligned(as: UInt64.self))
                tail = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
            } else {
                for byte in bytes.prefix(8).reversed() { head = head << 8 | UInt64(byte) }
                for byte in bytes.dropFirst(8).reversed() { tail = tail << 8 | UInt64(byte) }
            }
        }

        /// Whether a key of at most 16 bytes has a backslash.
        var hasBackslash: Bool {
            let backslash = UInt8(ascii: "\\")
            return JSONScanner.places(of: backslash, in: head) | JSONScanner.places(of: backslash, in: tail) != 0
        }

        /// A number that differs for most keys.
        @inline(__always) var mixed: Int {
            let mixed = (head ^ (tail &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
            return Int(truncatingIfNeeded: mixed >> 40)
        }
    }

    private struct Slot {
        var gist = Gist()
        var position = -1
        /// Where the key begins in `spellings`.
        var start = 0
    }

    /// An open-addressed table, at most a quarter full.
    private let slots: [Slot]
    private let spellings: [UInt8]
    private let names: [String]

    /// - Parameter names: the keys; of two that are the same the first one counts.
    package init(_ names: [String]) {
        var capacity = 8
        while capacity < names.count * 4 { capacity *= 2 }
        var slots = [Slot](repeating: Slot(), count: capacity)
        var spellings: [UInt8] = []
        for (position, name) in names.enumerated() {
            let bytes = Array(name.utf8)
            let gist = bytes.withUnsafeBufferPointer { Gist($0) }
            var index = gist.mixed & (capacity - 1)
            while slots[index].position >= 0 { index = (index + 1) & (capacity - 1) }
            slots[index] = Slot(gist: gist, position: position, start: spellings.count)
            spellings += bytes
        }
        self.slots = slots
        self.spellings = spellings
        self.names = names
    }

    /// The position of `key`; `nil` where the list does not have it.
    package subscript(key: Text) -> Int? {
        if key.hasEscapes { return names.firstIndex(of: key.decoded) }
        return position(of: Gist(key.bytes)) { spells($0, key) }
    }

    /// The position of the key that has this gist, of less than 16 bytes.
    @inline(__always)
    subscript(short gist: Gist) -> Int? {
        position(of: gist) { _ in true }
    }

    /// - Parameter isWhole: whether the key of a slot that has the gist is the wanted one in full.
    @inline(__always)
    private func position(of gist: Gist, _ isWhole: (Slot) -> Bool) -> Int? {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count &- 1
            var index = gist.mixed & mask
            while slots[index].position >= 0 {
                if slots[index].gist == gist, isWhole(slots[index]) { return slots[index].position }
                index = (index &+ 1) & mask
            }
            return nil
        }
    }

    private func spells(_ slot: Slot, _ key: Text) -> Bool {
        if slot.gist.count <= Gist.width { return true }
        guard let bytes = key.bytes.baseAddress else { return false }
        return spellings.withUnsafeBufferPointer { spellings in
            guard let base = spellings.baseAddress else { return false }
            return memcmp(base + slot.start, bytes, slot.gist.count) == 0
        }
    }
}
