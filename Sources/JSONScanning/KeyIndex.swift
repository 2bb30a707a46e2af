import Glibc

/// Finds the position of a key in a list of keys.
package struct KeyIndex: Sendable {
    private struct Slot {
        var position = -1
        var hash: UInt64 = 0
        var start = 0
        var count = 0
    }

    /// An open-addressed table, at most a quarter full.
    private var slots: [Slot]
    private let spellings: [UInt8]
    private let names: [String]
    private let mask: Int

    /// - Parameter names: the keys; of two that are the same the first one counts.
    package init(_ names: [String]) {
        var capacity = 8
        while capacity < names.count * 4 { capacity *= 2 }
        var slots = [Slot](repeating: Slot(), count: capacity)
        var spellings: [UInt8] = []
        for (position, name) in names.enumerated() {
            let bytes = Array(name.utf8)
            let hash = bytes.withUnsafeBufferPointer(Self.mix)
            var index = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while slots[index].position >= 0 { index = (index + 1) & (capacity - 1) }
            slots[index] = Slot(position: position, hash: hash, start: spellings.count, count: bytes.count)
            spellings += bytes
        }
        self.slots = slots
        self.spellings = spellings
        self.names = names
        mask = capacity - 1
    }

    /// The position of `key`; `nil` where the list does not have it.
    package subscript(key: Text) -> Int? {
        if key.hasEscapes { return names.firstIndex(of: key.decoded) }
        let hash = Self.mix(key.bytes)
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].position >= 0 {
            let slot = slots[index]
            if slot.hash == hash, slot.count == key.bytes.count, spells(slot, key) { return slot.position }
            index = (index + 1) & mask
        }
        return nil
    }

    private func spells(_ slot: Slot, _ key: Text) -> Bool {
        guard let bytes = key.bytes.baseAddress else { return slot.count == 0 }
        return spellings.withUnsafeBufferPointer { spellings in
            guard let base = spellings.baseAddress else { return slot.count == 0 }
            return memcmp(base + slot.start, bytes, slot.count) == 0
        }
    }

    /// A number that differs for most keys: the length and the first and last eight bytes, mixed.
    private static func mix(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
        let count = bytes.count
        var head: UInt64 = 0
        var tail: UInt64 = 0
        if count >= 8 {
            head = base.loadUnaligned(as: UInt64.self)
            tail = base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            head = UInt64(base.loadUnaligned(as: UInt32.self))
            tail = UInt64(base.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else {
            for byte in bytes { head = head << 8 | UInt64(byte) }
        }
        let mixed = (head ^ (tail &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(count)) &* 0xD6E8_FEB8_6659_FD93
        return mixed ^ mixed >> 32
    }
}
