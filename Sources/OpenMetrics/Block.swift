/// The samples of one subject, a printer or the process, family by family in the order of a `Schema`.
package struct Block: Sendable {
    let bytes: [UInt8]
    /// Where each family's samples end; they begin where those of the family before it end.
    let ends: [Int]

    /// Takes what `writer` wrote, with the length that it had after each family.
    package init(_ writer: consuming SampleWriter, ends: [Int]) {
        self.ends = ends
        bytes = writer.finish()
    }

    func range(ofFamily index: Int) -> Range<Int> {
        guard ends.indices.contains(index) else { return 0..<0 }
        return (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    /// Lines, and so samples.
    package var sampleCount: Int {
        bytes.count { $0 == UInt8(ascii: "\n") }
    }
}
