// Rules for the parsers of camera streams, for any bytes: they do not crash, and the result does not depend on how the
// bytes are split. The first byte of an input selects the parser.

@testable import VideoParsing

/// Passes `bytes` in pieces whose sizes are determined by the bytes.
private func inPieces(_ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Void) {
    var position = 0
    while position < bytes.count {
        let end = min(bytes.count, position + 1 + Int(bytes[position] & 0x3F))
        take(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
        position = end
    }
}

/// The result of the JPEG parser: the sizes of the pictures, and whether it rejected the stream.
private func pictures(_ bytes: UnsafeRawBufferPointer, isWhole: Bool) -> ([Int], Bool) {
    var parser = JPEGFrameParser(keepsPictures: true)
    var sizes: [Int] = []
    var isRejected = false
    let take = { (piece: UnsafeRawBufferPointer) in
        guard !isRejected else { return }
        do throws(StreamViolation) {
            try parser.parse(piece) { frame in
                check(frame.picture.count == frame.byteCount, "the size of a picture differs from its header")
                sizes.append(frame.byteCount)
            }
        } catch {
            isRejected = true
        }
    }
    if isWhole { take(bytes) } else { inPieces(bytes, take) }
    return (sizes, isRejected)
}

/// The result of the RTSP parser: its parts as text, and whether it rejected the stream.
private func parts(_ bytes: UnsafeRawBufferPointer, isWhole: Bool) -> ([String], Bool) {
    var parser = RTSPParser()
    var counter = PictureCounter(.h264, payloadType: 96)
    var parts: [String] = []
    var isRejected = false
    let take = { (piece: UnsafeRawBufferPointer) in
        guard !isRejected else { return }
        parser.append(piece)
        do throws(StreamViolation) {
            while let part = try parser.next() {
                parts.append("\(part)")
                inspect(part, &counter)
            }
        } catch {
            isRejected = true
        }
    }
    if isWhole { take(bytes) } else { inPieces(bytes, take) }
    return (parts, isRejected)
}

private func inspect(_ part: RTSPParser.Part, _ counter: inout PictureCounter) {
    switch part {
    case .packet(_, let bytes):
        bytes.withUnsafeBytes { if let packet = RTPPacket($0) { _ = counter.add(packet) } }
    case .response(let response):
        _ = try? SessionDescription(String(decoding: response.body, as: UTF8.self))
        _ = AuthenticationChallenge(response.values(of: "www-authenticate"))
    }
}

/// Checks packets, each preceded by its length in one byte. The first byte of all selects the codec.
private func packets(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    var counter = PictureCounter(choice & 1 == 0 ? .h264 : .h265, payloadType: 96)
    var rest = bytes.dropFirst()
    var sum = 0
    while let length = rest.first {
        let piece = rest.dropFirst().prefix(Int(length))
        rest = rest.dropFirst(1 + piece.count)
        guard let packet = RTPPacket(UnsafeRawBufferPointer(rebasing: piece)) else { continue }
        check(packet.payload.count <= piece.count - 12, "a payload is longer than its packet")
        guard let size = counter.add(packet) else { continue }
        check(packet.isLast, "a picture ends before its last packet")
        sum += size
    }
    check(sum <= bytes.count, "the pictures have more bytes than there are")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let all = UnsafeRawBufferPointer(start: start, count: count)
    guard let kind = all.first else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: all.dropFirst())
    switch kind % 6 {
    case 0:
        check(pictures(bytes, isWhole: true) == pictures(bytes, isWhole: false), "the pictures depend on the pieces")
    case 1: check(parts(bytes, isWhole: true) == parts(bytes, isWhole: false), "the parts depend on the pieces")
    case 2:
        for codec in VideoCodec.allCases { _ = SequenceParameterSet.size(in: bytes, of: codec) }
    case 3: _ = try? SessionDescription(String(decoding: bytes, as: UTF8.self))
    case 4: _ = AuthenticationChallenge([String(decoding: bytes, as: UTF8.self)])
    default: packets(bytes)
    }
    return 0
}
