import Glibc

/// Finds the position of a key in a list of keys.
package struct KeyIndex: Sendable {
    /// The first and the last eight bytes of a key and its length: up to 16 bytes that is the whole key.
    private struct Gist: Equatable {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var count = 0

        init() {}

        @inline(__always)
        init(_ bytes: UnsafeBufferPointer<UInt8>) {
            guard let base = UnsafeRawPointer(bytes.baseAddress) else { return }
            count = bytes.count
            if count >= 8 {
                head = base.loadUnaligned(as: UInt64.self)
                tail = base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            } else if count >= 4 {
                head = UInt64(base.loadUnaligned(as: UInt32.self))
                tail = UInt64(base.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            } else {
                for byte in bytes { head = head << 8 | UInt64(byte) }
            }
        }

        /// A number that differs for most keys.
        @inline(__always) var mixed: Int {
            let mixed = (head ^ (tail &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(count)) &* 0xD6E8_FEB8_6659_FD93
            return Int(truncatingIfNeeded: mixed ^ mixed >> 32)
        }
    }

    private struct Slot {
        var position = -1
        var gist = Gist()
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
            let gist = bytes.withUnsafeBufferPointer(Gist.init)
            var index = gist.mixed & (capacity - 1)
            while slots[index].position >= 0 { index = (index + 1) & (capacity - 1) }
            slots[index] = Slot(position: position, gist: gist, start: spellings.count)
            spellings += bytes
        }
        self.slots = slots
        self.spellings = spellings
        self.names = names
    }

    /// The position of `key`; `nil` where the list does not have it.
    package subscript(key: Text) -> Int? {
        if key.hasEscapes { return names.firstIndex(of: key.decoded) }
        let gist = Gist(key.bytes)
        return slots.withUnsafeBufferPointer { slots in
            let mask = slots.count - 1
            var index = gist.mixed & mask
            while slots[index].position >= 0 {
                if slots[index].gist == gist, gist.count <= 16 || spells(slots[index], key) {
                    return slots[index].position
                }
                index = (index + 1) & mask
            }
            return nil
        }
    }

    private func spells(_ slot: Slot, _ key: Text) -> Bool {
        guard let bytes = key.bytes.baseAddress else { return false }
        return spellings.withUnsafeBufferPointer { spellings in
            guard let base = spellings.baseAddress else { return false }
            return memcmp(base + slot.start, bytes, slot.gist.count) == 0
        }
    }
}
