/// Parses a stream of JPEG pictures, each preceded by a header of 16 bytes.
///
/// The header consists of four 32-bit numbers in little-endian order: the picture's size in bytes, 0, 1 and 0. Source:
/// OpenBambuAPI video.md; ha-bambulab bambu_client.py.
package struct JPEGFrameParser: Sendable {
    package struct Frame: Sendable, Equatable {
        package let byteCount: Int
        /// The hash of all bytes; equal within this process for identical pictures.
        package let hash: Int
        /// The dimensions; `nil` if the picture does not contain them.
        package let size: PictureSize?
        /// The picture; empty unless pictures are kept.
        package let picture: [UInt8]
    }

    /// The length of the header, in bytes.
    package static let headerLength = 16
    /// The valid sizes of a picture, in bytes. The upper bound is bambuddy's; 40 to 100 kB are usual.
    package static let sizes = 4...(10 << 20)
    /// The part of a picture that is searched for its dimensions, in bytes.
    private static let headLimit = 128 << 10

    private let keepsPictures: Bool
    private var header: [UInt8] = []
    private var byteCount = 0
    private var left = 0
    private var hasher = Hasher()
    /// The last two bytes of the picture so far.
    private var tail: (UInt8, UInt8) = (0, 0)
    /// The picture so far, or only its beginning if it is not kept; empty if its dimensions are known too.
    private var picture: [UInt8] = []
    /// All pictures of a stream have the same dimensions, so they are read once.
    private var size: PictureSize?

    package init(keepsPictures: Bool = false) {
        self.keepsPictures = keepsPictures
        header.reserveCapacity(Self.headerLength)
    }

    /// Whether the stream may end here without truncating a picture.
    package var isBetweenFrames: Bool { left == 0 && header.isEmpty }

    /// Parses the next bytes and calls `found` for every picture that they complete.
    package mutating func parse(
        _ bytes: UnsafeRawBufferPointer, _ found: (Frame) -> Void
    ) throws(StreamViolation) {
        var rest = bytes
        while !rest.isEmpty {
            let taken = left == 0 ? try readHeader(rest) : try readPicture(rest, found)
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        }
    }

    private mutating func readHeader(_ bytes: UnsafeRawBufferPointer) throws(StreamViolation) -> Int {
        let taken = min(Self.headerLength - header.count, bytes.count)
        header.append(contentsOf: bytes[..<taken])
        guard header.count == Self.headerLength else { return taken }
        let announced = header.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard Self.sizes.contains(announced) else {
            throw StreamViolation("it announced a picture of \(announced) bytes, which is not possible")
        }
        header.removeAll(keepingCapacity: true)
        byteCount = announced
        left = announced
        hasher = Hasher()
        tail = (0, 0)
        return taken
    }

    private mutating func readPicture(
        _ bytes: UnsafeRawBufferPointer, _ found: (Frame) -> Void
    ) throws(StreamViolation) -> Int {
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(left))
        try checkStart(part)
        hasher.combine(bytes: part)
        if keepsPictures {
            picture.append(contentsOf: part)
        } else if size == nil {
            picture.append(contentsOf: part.prefix(Self.headLimit - picture.count))
        }
        for byte in part.suffix(2) { tail = (tail.1, byte) }
        left -= part.count
        if left == 0 { try finish(found) }
        return part.count
    }

    private func checkStart(_ part: UnsafeRawBufferPointer) throws(StreamViolation) {
        let offset = byteCount - left
        for (expected, position) in [(UInt8(0xFF), 0), (0xD8, 1)] where position >= offset {
            if position - offset < part.count, part[position - offset] != expected {
                throw StreamViolation("a picture does not begin as a JPEG (FF D8)")
            }
        }
    }

    private mutating func finish(_ found: (Frame) -> Void) throws(StreamViolation) {
        guard tail == (0xFF, 0xD9) else { throw StreamViolation("a picture does not end as a JPEG (FF D9)") }
        size = size ?? PictureSize(inJPEG: picture)
        let kept = keepsPictures ? picture : []
        found(Frame(byteCount: byteCount, hash: hasher.finalize(), size: size, picture: kept))
        picture.removeAll(keepingCapacity: keepsPictures)
    }
}
