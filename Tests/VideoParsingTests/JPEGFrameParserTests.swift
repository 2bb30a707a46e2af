import Testing

@testable import VideoParsing

@Suite("JPEGFrameParser")
struct JPEGFrameParserTests {
    /// A picture of 24 by 16 pixels with valid markers; its other content is arbitrary.
    static let picture: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 24, 1, 1, 0x11, 0]
        + [0xFF, 0xDA, 0, 3, 0, 0x55, 0x55, 0xFF, 0xD9]

    static func framed(_ picture: [UInt8], size: Int? = nil) -> [UInt8] {
        let size = UInt32(size ?? picture.count)
        return [size, 0, 1, 0].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } + picture
    }

    private func frames(
        _ bytes: [UInt8], pieces: Int = .max, keeps: Bool = false
    ) throws(StreamViolation) -> [JPEGFrameParser.Frame] {
        var parser = JPEGFrameParser(keepsPictures: keeps)
        var frames: [JPEGFrameParser.Frame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(piece.count)
            let pointer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
            defer { pointer.deallocate() }
            pointer.copyBytes(from: piece)
            try parser.parse(UnsafeRawBufferPointer(pointer)) { frames.append($0) }
        }
        return frames
    }

    @Test(arguments: [1, 2, 3, 15, 16, 17, 40, Int.max])
    func `parses pictures in pieces of any size`(pieces: Int) throws {
        let stream = Self.framed(Self.picture) + Self.framed(Self.picture)
        let frames = try frames(stream, pieces: pieces, keeps: true)
        #expect(frames.map(\.byteCount) == [Self.picture.count, Self.picture.count])
        #expect(frames.map(\.picture) == [Self.picture, Self.picture])
        #expect(frames.map(\.size) == [PictureSize(width: 24, height: 16), PictureSize(width: 24, height: 16)])
        #expect(Set(frames.map(\.hash)).count == 1)
    }

    @Test func `different pictures have different hashes and are not kept`() throws {
        var other = Self.picture
        other[26] = 0x56
        let frames = try frames(Self.framed(Self.picture) + Self.framed(other))
        #expect(Set(frames.map(\.hash)).count == 2)
        #expect(frames.allSatisfy { $0.picture.isEmpty })
    }

    @Test(arguments: [0, 1, 3, 10 << 20 + 1, 0xFFFF_FFFF])
    func `rejects an impossible size`(size: Int) {
        #expect(throws: StreamViolation("it announced a picture of \(size) bytes, which is not possible")) {
            try frames(Self.framed(Self.picture, size: size))
        }
    }

    @Test func `rejects a picture without JPEG start or end marker`() {
        #expect(throws: StreamViolation("a picture does not begin as a JPEG (FF D8)")) {
            try frames(Self.framed([0xFF, 0xD7] + Self.picture.dropFirst(2)), pieces: 17)
        }
        #expect(throws: StreamViolation("a picture does not end as a JPEG (FF D9)")) {
            try frames(Self.framed(Self.picture.dropLast() + [0xD8]))
        }
    }

    @Test func `isBetweenFrames is true only before and after a frame`() throws {
        var parser = JPEGFrameParser()
        #expect(parser.isBetweenFrames)
        let stream = Self.framed(Self.picture)
        for (index, byte) in stream.enumerated() {
            try withUnsafeBytes(of: byte) { try parser.parse($0) { _ in } }
            #expect(parser.isBetweenFrames == (index == stream.count - 1))
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0xD8, 0xFF, 0xC0, 0, 6, 8, 0, 16, 0, 24], nil),
            ([0xFF, 0xD8, 0xFF, 0xFF, 0xC2, 0, 11, 8, 0, 16, 0, 24], PictureSize(width: 24, height: 16)),
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 24], nil),
            ([0xFF, 0xD8, 0xFF, 0xDA, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 24], nil),
            ([0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 0, 0, 24], nil),
        ] as [([UInt8], PictureSize?)])
    func `reads the dimensions only from the frame header`(bytes: [UInt8], size: PictureSize?) {
        #expect(PictureSize(inJPEG: bytes) == size)
    }
}
