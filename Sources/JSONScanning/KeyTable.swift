/// Finds which of the keys an enumeration names a key is.
///
/// The enumeration is the list of what is read from one object: its cases are the code's names, its raw values the
/// names on the wire.
public struct KeyTable<Name: CaseIterable & RawRepresentable & Sendable>: Sendable where Name.RawValue == String {
    @usableFromInline let names: [Name]
    @usableFromInline let index: KeyIndex

    package init() {
        names = Array(Name.allCases)
        index = KeyIndex(names.map(\.rawValue))
    }

    /// The name of the next key of the innermost open object that the enumeration has, with its value to be read next; `nil` at
    /// the object's end, which closes it. Other members are skipped.
    @inlinable
    @inline(__always)
    public func next(_ scanner: inout JSONScanner) throws(ScanError) -> Name? {
        var count = 0
        guard let place = try scanner.nextKey(in: index, after: -1, count: &count) else { return nil }
        return names[place]
    }
}
