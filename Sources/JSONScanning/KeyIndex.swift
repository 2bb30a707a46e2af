import Glibc

/// Finds the position of a key in a list of keys.
public struct KeyIndex: Sendable {
    private struct Slot {
        /// The key, or the first and last eight bytes of a longer one.
        var gist = ShortString()
        var position = -1
        /// The start of the key in `spellings`.
        var start = 0
    }

    /// An open-addressed table, at most a quarter full.
    private let slots: [Slot]
    private let spellings: [UInt8]
    private let names: [String]
    @usableFromInline let patterns: [KeyPattern]

    /// - Parameters:
    ///   - names: the keys; if two are equal, the first one wins.
    ///   - unread: the positions of the keys whose members are skipped.
    package init(_ names: [String], unread: Set<Int> = []) {
        var capacity = 8
        while capacity < names.count * 4 { capacity *= 2 }
        var slots = [Slot](repeating: Slot(), count: capacity)
        var spellings: [UInt8] = []
        for (position, name) in names.enumerated() {
            let bytes = Array(name.utf8)
            let gist = bytes.withUnsafeBufferPointer { ShortString(gistOf: $0) }
            var index = gist.mixed & (capacity - 1)
            while slots[index].position >= 0 { index = (index + 1) & (capacity - 1) }
            slots[index] = Slot(gist: gist, position: position, start: spellings.count)
            spellings += bytes
        }
        self.slots = slots
        self.spellings = spellings
        self.names = names
        patterns = names.enumerated().map { KeyPattern($1, isRead: !unread.contains($0)) }
    }

    /// The position of `key`; `nil` if the list does not contain it.
    package subscript(key: Text) -> Int? {
        if key.hasEscapes { return names.firstIndex(of: key.decoded) }
        return position(of: ShortString(gistOf: key.bytes)) { spells($0, key) }
    }

    /// The position of a key of fewer than 16 bytes; `nil` if the list does not contain it.
    @inline(__always)
    subscript(short key: ShortString) -> Int? {
        position(of: key) { _ in true }
    }

    /// - Parameter isWhole: whether the whole key of a slot with the same gist matches.
    @inline(__always)
    private func position(of gist: ShortString, _ isWhole: (Slot) -> Bool) -> Int? {
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
        if slot.gist.count <= ShortString.width { return true }
        guard let bytes = key.bytes.baseAddress else { return false }
        return spellings.withUnsafeBufferPointer { spellings in
            guard let base = spellings.baseAddress else { return false }
            return memcmp(base + slot.start, bytes, slot.gist.count) == 0
        }
    }
}
