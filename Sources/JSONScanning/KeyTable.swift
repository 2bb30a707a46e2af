/// Finds a key among the cases of an enumeration.
///
/// The enumeration lists the keys that are read from one object: its cases are the names in the code, its raw values
/// the names on the wire.
public struct KeyTable<Name: CaseIterable & RawRepresentable & Sendable>: Sendable where Name.RawValue == String {
    @usableFromInline let names: [Name]
    @usableFromInline let index: KeyIndex

    package init() {
        names = Array(Name.allCases)
        index = KeyIndex(names.map(\.rawValue))
    }

    /// Reads up to the next key of the innermost open object that the enumeration contains, so that its value is next;
    /// `nil` at the object's end, which closes it. Other members are skipped.
    @inlinable
    @inline(__always)
    public func next(_ scanner: inout JSONScanner) throws(ScanError) -> Name? {
        var count = 0
        guard let place = try scanner.nextKey(in: index, after: -1, count: &count) else { return nil }
        return names[place]
    }
}
