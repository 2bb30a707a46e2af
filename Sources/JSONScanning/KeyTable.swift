import Glibc

/// Finds which of the keys an enumeration names a key is.
///
/// The enumeration is the list of what is read from one object: its cases are the code's names, its raw values the
/// names on the wire.
package struct KeyTable<Name: CaseIterable & RawRepresentable & Sendable>: Sendable where Name.RawValue == String {
    private struct Slot {
        var name: Name?
        var hash: UInt64 = 0
        var start = 0
        var count = 0
    }

    private var slots: [Slot]
    private let spellings: [UInt8]
    private let mask: Int

    package init() {
        var capacity = 8
        while capacity < Name.allCases.count * 4 { capacity *= 2 }
        var slots = [Slot](repeating: Slot(), count: capacity)
        var spellings: [UInt8] = []
        for name in Name.allCases {
            let bytes = Array(name.rawValue.utf8)
            let hash = bytes.withUnsafeBufferPointer(Self.mix)
            var index = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while slots[index].name != nil { index = (index + 1) & (capacity - 1) }
            slots[index] = Slot(name: name, hash: hash, start: spellings.count, count: bytes.count)
            spellings += bytes
        }
        self.slots = slots
        self.spellings = spellings
        mask = capacity - 1
    }

    /// The name of `key`; `nil` where the enumeration has none.
    package func callAsFunction(_ key: Text) -> Name? {
        if key.hasEscapes { return Name(rawValue: key.decoded) }
        let hash = Self.mix(key.bytes)
        var index = Int(truncatingIfNeeded: hash) & mask
        while let name = slots[index].name {
            let slot = slots[index]
            if slot.hash == hash, slot.count == key.bytes.count, spells(slot, key) { return name }
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
