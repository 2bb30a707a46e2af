/// The families of an exposition in order, with their headers.
package struct Schema: Sendable {
    package let descriptors: [Descriptor]
    private let headers: [ExpositionFormat: [[UInt8]]]

    package init(_ descriptors: [Descriptor]) {
        self.descriptors = descriptors
        headers = Dictionary(
            uniqueKeysWithValues: ExpositionFormat.allCases.map { format in
                (format, descriptors.map { $0.header(in: format) })
            })
    }

    /// Assembles blocks: the families in order, each with the samples of every block. Families without samples are
    /// omitted.
    ///
    /// - Parameter room: the bytes that the caller will append, so that the body is not copied then.
    package func assemble(
        _ blocks: [SampleBlock], in format: ExpositionFormat, into body: inout [UInt8], room: Int = 0
    ) {
        let headers = headers[format] ?? []
        let size = blocks.reduce(headers.reduce(64) { $0 + $1.count }) { $0 + $1.bytes.count }
        body.reserveCapacity(body.count + size + room)
        blocks.withUnsafeBufferPointer { blocks in
            for (index, header) in headers.enumerated() {
                var hasHeader = false
                // Use indices: iterating would retain and release each block for each family.
                for place in blocks.indices {
                    let range = blocks[place].range(ofFamily: index)
                    if range.isEmpty { continue }
                    if !hasHeader { body += header }
                    hasHeader = true
                    blocks[place].bytes.withUnsafeBytes { body += UnsafeRawBufferPointer(rebasing: $0[range]) }
                }
            }
        }
    }

    /// Appends the end of an exposition.
    package static func finish(_ body: inout [UInt8], in format: ExpositionFormat) {
        body += format.trailer
    }
}
