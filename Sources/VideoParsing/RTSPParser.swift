/// Takes apart what an RTSP server sends: answers, and between them packets of media. Source: RFC 2326, 7 and 10.12.
package struct RTSPParser: Sendable {
    /// Something that a server sent.
    package enum Part: Sendable, Equatable {
        case response(RTSPResponse)
        case packet(channel: UInt8, ArraySlice<UInt8>)
    }

    /// Bytes that no RTSP server sends.
    package enum Violation: Error, Equatable, Sendable, CustomStringConvertible {
        case notRTSP
        case headTooLarge
        case bodyTooLarge(Int)

        package var description: String {
            switch self {
            case .notRTSP: "it does not speak RTSP"
            case .headTooLarge: "the head of its answer has more than \(RTSPParser.headLimit) bytes"
            case .bodyTooLarge(let size): "its answer has \(size) bytes, more than \(RTSPParser.bodyLimit)"
            }
        }
    }

    static let headLimit = 16 << 10
    static let bodyLimit = 64 << 10

    private var buffer: [UInt8] = []
    /// How much of `buffer` has been handed out.
    private var position = 0

    package init() {}

    /// Takes the next bytes; `next` is to be asked until it has nothing more, so that little is kept.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        buffer.removeFirst(position)
        position = 0
        buffer.append(contentsOf: bytes)
    }

    /// The next part; `nil` until more bytes come.
    package mutating func next() throws(Violation) -> Part? {
        let rest = buffer[position...]
        switch rest.first {
        case nil: return nil
        case UInt8(ascii: "$"): return nextPacket(rest)
        case UInt8(ascii: "R"): return try nextResponse(rest)
        default: throw .notRTSP
        }
    }

    /// Behind the sign stand the channel and, in two bytes, the length.
    private mutating func nextPacket(_ rest: ArraySlice<UInt8>) -> Part? {
        guard rest.count >= 4 else { return nil }
        let length = Int(rest[position + 2]) << 8 | Int(rest[position + 3])
        guard rest.count >= 4 + length else { return nil }
        let start = position + 4
        let channel = rest[position + 1]
        position = start + length
        return .packet(channel: channel, buffer[start..<position])
    }

    private mutating func nextResponse(_ rest: ArraySlice<UInt8>) throws(Violation) -> Part? {
        guard let end = Self.endOfHead(rest) else {
            guard rest.count <= Self.headLimit else { throw .headTooLarge }
            return nil
        }
        guard end - rest.startIndex <= Self.headLimit else { throw .headTooLarge }
        let text = String(decoding: rest[..<end], as: UTF8.self)
        guard let (head, length) = RTSPResponse.head(text) else { throw .notRTSP }
        guard length <= Self.bodyLimit else { throw .bodyTooLarge(length) }
        guard rest.endIndex - end >= length else { return nil }
        position = end + length
        return .response(
            RTSPResponse(status: head.status, headers: head.headers, body: Array(buffer[end..<position])))
    }

    /// Where the empty line ends that ends a head; `nil` where there is none yet.
    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        var lineIsEmpty = false
        for (index, byte) in zip(bytes.indices, bytes) {
            if byte == UInt8(ascii: "\n") {
                if lineIsEmpty { return index + 1 }
                lineIsEmpty = true
            } else if byte != UInt8(ascii: "\r") {
                lineIsEmpty = false
            }
        }
        return nil
    }
}
