import JSONScanning

/// What to do with one key of an object on the wire.
struct Field<Target>: Sendable {
    typealias Reading = @Sendable (inout FieldReader, inout Target) throws -> Void

    /// The key as printers write it.
    let key: String
    /// Reads exactly one value.
    let read: Reading

    init(_ key: String, _ read: @escaping Reading) {
        self.key = key
        self.read = read
    }
}

/// The keys of one object on the wire that are read; every other key is skipped.
struct FieldTable<Target>: Sendable {
    private let fields: [Field<Target>]
    private let index: KeyIndex

    init(_ lists: [Field<Target>]...) {
        fields = lists.flatMap { $0 }
        index = KeyIndex(fields.map(\.key))
    }

    /// Reads or skips the value of `key`.
    func read(_ key: Text, _ reader: inout FieldReader, into target: inout Target) throws {
        guard let position = index[key] else { return try reader.scanner.skip() }
        try fields[position].read(&reader, &target)
    }

    /// Reads the next value as that of `key`, whatever it is called where it stands.
    func read(as key: String, _ reader: inout FieldReader, into target: inout Target) throws {
        guard let field = fields.first(where: { $0.key == key }) else { return try reader.scanner.skip() }
        try field.read(&reader, &target)
    }

    /// The table with more keys.
    func adding(_ more: [Field<Target>]) -> FieldTable {
        FieldTable(fields, more)
    }

    /// Reads an object, key by key. Returns how many members it has; `nil` where the value is none.
    @discardableResult
    func read(_ reader: inout FieldReader, into target: inout Target) throws -> Int? {
        guard try reader.enterObject() else { return nil }
        var count = 0
        while let position = try reader.scanner.nextKey(in: index, count: &count) {
            try fields[position].read(&reader, &target)
        }
        return count
    }
}
