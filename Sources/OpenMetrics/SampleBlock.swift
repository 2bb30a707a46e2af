/// The samples of one subject, a printer or the process, in the order of the families of a `Schema`.
package struct SampleBlock: Sendable {
    let bytes: [UInt8]
    /// The end of each family's samples; they begin at the end of the previous family's.
    let ends: [Int]

    /// - Parameter ends: The length of the output after each family.
    package init(_ writer: consuming SampleWriter, ends: [Int]) {
        self.ends = ends
        bytes = writer.finish()
    }

    func range(ofFamily index: Int) -> Range<Int> {
        guard ends.indices.contains(index) else { return 0..<0 }
        return (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    /// The number of lines, which is the number of samples.
    package var sampleCount: Int {
        bytes.count { $0 == UInt8(ascii: "\n") }
    }
}
