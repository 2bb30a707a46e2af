/// Takes apart the stream of a camera that sends JPEG pictures, each behind a header of 16 bytes.
///
/// The header is, in little-endian order, the picture's size in 32 bits, then 0, 1 and 0. Pictures are looked at as they
/// come by and not kept, unless asked for. Source: OpenBambuAPI video.md; ha-bambulab bambu_client.py.
package struct JPEGFrameParser: Sendable {
    /// One whole picture.
    package struct Frame: Sendable, Equatable {
        package let byteCount: Int
        /// Of all its bytes: two pictures with the same one are the same, within this process.
        package let hash: Int
        /// `nil` where the picture does not tell.
        package let size: PictureSize?
        /// The picture itself; empty where it was not to be kept.
        package let picture: [UInt8]
    }

    /// Bytes that are no such stream.
    package enum Violation: Error, Equatable, Sendable, CustomStringConvertible {
        case size(Int)
        case noStart
        case noEnd

        package var description: String {
            switch self {
            case .size(let size): "it announced a picture of \(size) bytes, which is none"
            case .noStart: "a picture does not begin as a JPEG (FF D8)"
            case .noEnd: "a picture does not end as a JPEG (FF D9)"
            }
        }
    }

    /// The header in front of a picture, in bytes.
    package static let headerLength = 16
    /// What a picture may have, in bytes. The upper bound is bambuddy's; 40 to 100 kB are usual.
    package static let sizes = 4...(10 << 20)

    private let keepsPictures: Bool
    private var header: [UInt8] = []
    private var byteCount = 0
    private var left = 0
    private var hasher = Hasher()
    private var finder = JPEGSizeFinder()
    /// The last two bytes taken of the picture.
    private var tail: (UInt8, UInt8) = (0, 0)
    private var picture: [UInt8] = []
    private var size: PictureSize?

    /// - Parameter keepsPictures: whether frames carry their picture.
    package init(keepsPictures: Bool = false) {
        self.keepsPictures = keepsPictures
        header.reserveCapacity(Self.headerLength)
    }

    /// Whether the stream may end here without cutting anything off.
    package var isBetweenFrames: Bool { left == 0 && header.isEmpty }

    /// Takes the stream's next bytes and calls `found` for every picture that they complete.
    package mutating func take(
        _ bytes: UnsafeRawBufferPointer, _ found: (Frame) -> Void
    ) throws(Violation) {
        var rest = bytes
        while !rest.isEmpty {
            let taken = left == 0 ? try takeHeader(rest) : try takePicture(rest, found)
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        }
    }

    private mutating func takeHeader(_ bytes: UnsafeRawBufferPointer) throws(Violation) -> Int {
        let taken = min(Self.headerLength - header.count, bytes.count)
        header.append(contentsOf: bytes[..<taken])
        guard header.count == Self.headerLength else { return taken }
        let announced = header.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard Self.sizes.contains(announced) else { throw .size(announced) }
        header.removeAll(keepingCapacity: true)
        byteCount = announced
        left = announced
        hasher = Hasher()
        tail = (0, 0)
        // All pictures of a stream have one size, so the first one tells.
        if size == nil { finder = JPEGSizeFinder() }
        return taken
    }

    private mutating func takePicture(
        _ bytes: UnsafeRawBufferPointer, _ found: (Frame) -> Void
    ) throws(Violation) -> Int {
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(left))
        try checkStart(part)
        hasher.combine(bytes: part)
        if size == nil, finder.isLooking { finder.take(part) }
        if keepsPictures { picture.append(contentsOf: part) }
        for byte in part.suffix(2) { tail = (tail.1, byte) }
        left -= part.count
        if left == 0 { try finish(found) }
        return part.count
    }

    private func checkStart(_ part: UnsafeRawBufferPointer) throws(Violation) {
        let offset = byteCount - left
        for (expected, position) in [(UInt8(0xFF), 0), (0xD8, 1)] where position >= offset {
            if position - offset < part.count, part[position - offset] != expected { throw .noStart }
        }
    }

    private mutating func finish(_ found: (Frame) -> Void) throws(Violation) {
        guard tail == (0xFF, 0xD9) else { throw .noEnd }
        size = size ?? finder.size
        found(Frame(byteCount: byteCount, hash: hasher.finalize(), size: size, picture: picture))
        picture.removeAll(keepingCapacity: true)
    }
}
