/// Finds which of the keys an enumeration names a key is.
///
/// The enumeration is the list of what is read from one object: its cases are the code's names, its raw values the
/// names on the wire.
package struct KeyTable<Name: CaseIterable & RawRepresentable & Sendable>: Sendable where Name.RawValue == String {
    private let names: [Name]
    private let index: KeyIndex

    package init() {
        names = Array(Name.allCases)
        index = KeyIndex(names.map(\.rawValue))
    }

    /// The name of `key`; `nil` where the enumeration has none.
    package func callAsFunction(_ key: Text) -> Name? {
        index[key].map { names[$0] }
    }
}
