/// Parses a server's RTSP stream: responses and interleaved media packets. Source: RFC 2326, 7 and 10.12.
package struct RTSPParser: Sendable {
    package enum Part: Sendable, Equatable {
        case response(RTSPResponse)
        case packet(channel: UInt8, ArraySlice<UInt8>)
    }

    private static let headLimit = 16 << 10
    private static let bodyLimit = 64 << 10
    private static let notRTSP = StreamViolation("it does not speak RTSP")
    private static let headTooLarge = StreamViolation("the head of its answer has more than \(headLimit) bytes")

    private var buffer: [UInt8] = []
    /// The number of bytes in `buffer` that have been returned.
    private var position = 0
    /// The number of bytes in `buffer` that have been searched for the end of a head. No byte is searched twice, so the
    /// work is linear for chunks of any size.
    private var searched = 0
    private var lineIsEmpty = false
    /// A head whose body, of `length` bytes, is not complete.
    private var pending: (head: RTSPResponse, length: Int)?

    package init() {}

    /// Appends the next bytes. Call `next` afterwards until it returns `nil`, so that little is buffered.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if position > 0 {
            buffer.removeFirst(position)
            searched = max(0, searched - position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next part; `nil` if more bytes are needed.
    package mutating func next() throws(StreamViolation) -> Part? {
        if let pending { return complete(pending) }
        let rest = buffer[position...]
        switch rest.first {
        case nil: return nil
        case UInt8(ascii: "$"): return nextPacket(rest)
        case UInt8(ascii: "R"): return try nextResponse(rest)
        default: throw Self.notRTSP
        }
    }

    /// Returns the next packet. The `$` sign is followed by the channel, and by the length in two bytes.
    private mutating func nextPacket(_ rest: ArraySlice<UInt8>) -> Part? {
        guard rest.count >= 4 else { return nil }
        let length = Int(rest[position + 2]) << 8 | Int(rest[position + 3])
        guard rest.count >= 4 + length else { return nil }
        let start = position + 4
        let channel = rest[position + 1]
        position = start + length
        searched = position
        return .packet(channel: channel, buffer[start..<position])
    }

    private mutating func nextResponse(_ rest: ArraySlice<UInt8>) throws(StreamViolation) -> Part? {
        guard let end = endOfHead() else {
            guard rest.count <= Self.headLimit else { throw Self.headTooLarge }
            return nil
        }
        guard end - rest.startIndex <= Self.headLimit else { throw Self.headTooLarge }
        let text = String(decoding: rest[..<end], as: UTF8.self)
        guard let (head, length) = RTSPResponse.head(text) else { throw Self.notRTSP }
        guard length <= Self.bodyLimit else {
            throw StreamViolation("its answer has \(length) bytes, more than \(Self.bodyLimit)")
        }
        // The head leaves the buffer while the body arrives.
        position = end
        return complete((head, length))
    }

    /// Returns the response if its body has arrived, or else stores its head.
    private mutating func complete(_ response: (head: RTSPResponse, length: Int)) -> Part? {
        guard buffer.count - position >= response.length else {
            pending = response
            return nil
        }
        pending = nil
        var whole = response.head
        whole.body = Array(buffer[position..<position + response.length])
        position += response.length
        searched = position
        return .response(whole)
    }

    /// The index after the empty line that ends a head; `nil` if it has not arrived. Continues where the last search
    /// ended.
    private mutating func endOfHead() -> Int? {
        if searched <= position {
            searched = position
            lineIsEmpty = false
        }
        while searched < buffer.count {
            let byte = buffer[searched]
            searched += 1
            if byte == UInt8(ascii: "\n") {
                if lineIsEmpty {
                    lineIsEmpty = false
                    return searched
                }
                lineIsEmpty = true
            } else if byte != UInt8(ascii: "\r") {
                lineIsEmpty = false
            }
        }
        return nil
    }
}
