import JSONScanning

/// One key of an object on the wire and how it is read.
struct Field<Target: ~Copyable>: Sendable {
    typealias Reading = @Sendable (inout FieldReader, inout Target) throws -> Void

    /// The key as printers write it.
    let key: String
    private(set) var isRead = true
    /// Reads exactly one value.
    let read: Reading

    init(_ key: String, _ read: @escaping Reading) {
        self.key = key
        self.read = read
    }

    /// A key that printers send and this program does not read. Listing it makes lookups faster if keys come in an
    /// order.
    init(unread key: String) {
        self.init(key) { reader, _ in try reader.scanner.skip() }
        isRead = false
    }
}

/// The keys of one object on the wire that are read. Every other key is skipped.
///
/// A lookup is fastest if the keys come in the order of the table.
struct FieldTable<Target: ~Copyable>: Sendable {
    private let fields: [Field<Target>]
    private let index: KeyIndex

    init(_ lists: [Field<Target>]...) {
        self.init(fields: lists.flatMap { $0 })
    }

    /// A table in sorted order, in which newer firmware writes the keys of most objects.
    static func sorted(_ lists: [Field<Target>]..., unread: [String] = []) -> FieldTable {
        let fields = lists.flatMap { $0 }
        let keys = Set(fields.map(\.key))
        let others = unread.filter { !keys.contains($0) }.map(Field<Target>.init(unread:))
        return FieldTable(fields: (fields + others).sorted { $0.key < $1.key })
    }

    private init(fields: [Field<Target>]) {
        self.fields = fields
        index = KeyIndex(fields.map(\.key), unread: Set(fields.indices.filter { !fields[$0].isRead }))
    }

    /// Reads or skips the value of `key`.
    func read(_ key: Text, _ reader: inout FieldReader, into target: inout Target) throws {
        guard let position = index[key] else { return try reader.scanner.skip() }
        try fields[position].read(&reader, &target)
    }

    /// Reads the next value as the value of `key`, independent of its key on the wire.
    func read(as key: String, _ reader: inout FieldReader, into target: inout Target) throws {
        guard let field = fields.first(where: { $0.key == key }) else { return try reader.scanner.skip() }
        try field.read(&reader, &target)
    }

    /// Returns the table with more keys.
    func adding(_ more: [Field<Target>]) -> FieldTable {
        FieldTable(fields, more)
    }

    /// Reads an object, key by key.
    ///
    /// - Returns: the number of its members; `nil` if the value is not an object.
    @discardableResult
    func read(_ reader: inout FieldReader, into target: inout Target) throws -> Int? {
        guard try reader.enterObject() else { return nil }
        var count = 0
        var position = -1
        while let next = try reader.scanner.nextKey(in: index, after: position, count: &count) {
            try fields[next].read(&reader, &target)
            position = next
        }
        return count
    }
}
