/// Parses a byte stream into requests.
///
/// The result does not depend on how the bytes are split. After an error the stream is unusable, and every further call
/// throws that error again.
package struct RequestParser: Sendable {
    /// A request whose header fields are still being read.
    private struct PartialRequest {
        let method: Request.Method
        let target: RequestTarget
        let version: Request.Version
        var headers = Headers()
        var headerBytes = 0
    }

    /// RFC 9112, section 2.2 requires servers to ignore at least one empty line before a request.
    private static let ignoredEmptyLines = 4
    /// The number of bytes that a line end counts, in either form.
    private static let lineEnd = 2

    private let limits: Limits
    private let bodyLimit: Int
    private var buffer: [UInt8] = []
    /// The index of the first unread line.
    private var start = 0
    /// The index up to which that line was searched for its end.
    private var searched = 0
    private var emptyLines = 0
    private var partial: PartialRequest?
    private var failure: RequestError?

    /// - Parameter bodyLimit: The maximum size of a body, in bytes. After a request with a body, call `takeBody` until it
    ///   returns the body, before `next` is called again.
    package init(limits: Limits = Limits(), bodyLimit: Int = 0) {
        self.limits = limits
        self.bodyLimit = bodyLimit
    }

    /// Whether a request is incomplete. Valid after `next` has returned `nil`.
    package var isMidway: Bool { partial != nil || start < buffer.count }

    /// Appends received bytes. Call `next` afterwards until it returns `nil`.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next complete request; `nil` if more bytes are needed.
    package mutating func next() throws(RequestError) -> Request? {
        if let failure { throw failure }
        do throws(RequestError) {
            while let line = try nextLine() {
                if let request = try read(line) { return request }
            }
        } catch {
            failure = error
            buffer = []
            (start, searched) = (0, 0)
            throw error
        }
        dropRead()
        return nil
    }

    /// Removes and returns the body of `request`, the last one that `next` returned; `nil` if it is incomplete.
    package mutating func takeBody(of request: Request) -> [UInt8]? {
        guard buffer.count - start >= request.bodyLength else { return nil }
        let end = start + request.bodyLength
        defer { (start, searched) = (end, end) }
        return Array(buffer[start..<end])
    }

    /// Returns the next line without its line end, which is CR LF or, as RFC 9112 allows, LF alone.
    private mutating func nextLine() throws(RequestError) -> Range<Int>? {
        let end = buffer[searched...].firstIndex(of: .lineFeed)
        var contentEnd = end ?? buffer.endIndex
        if contentEnd > start, buffer[contentEnd - 1] == .carriageReturn { contentEnd -= 1 }
        // The limit is checked before the content, and before the line is complete: so the outcome does not depend on
        // how the bytes are split.
        let count = contentEnd - start
        if let partial {
            guard count == 0 || partial.headerBytes + count + Self.lineEnd <= limits.headers else {
                throw .headersTooLarge(limit: limits.headers)
            }
        } else if count > limits.requestLine {
            throw .requestLineTooLong(limit: limits.requestLine)
        }
        guard let end else {
            searched = buffer.endIndex
            return nil
        }
        defer { (start, searched) = (end + 1, end + 1) }
        return start..<contentEnd
    }

    private mutating func read(_ line: Range<Int>) throws(RequestError) -> Request? {
        if partial != nil {
            guard line.isEmpty else {
                try readField(line)
                return nil
            }
            return try finish()
        }
        guard !line.isEmpty else {
            emptyLines += 1
            if emptyLines > Self.ignoredEmptyLines { throw .malformed(.emptyLines) }
            return nil
        }
        partial = try readRequestLine(buffer[line])
        return nil
    }

    private mutating func finish() throws(RequestError) -> Request? {
        guard let whole = partial else { return nil }
        partial = nil
        emptyLines = 0
        return try Request(
            whole.method, whole.target, version: whole.version, headers: whole.headers, bodyLimit: bodyLimit)
    }

    private func readRequestLine(_ line: ArraySlice<UInt8>) throws(RequestError) -> PartialRequest {
        if line.contains(where: \.isControl) { throw .malformed(.controlCharacter) }
        let parts = line.split(separator: .space, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = parts.first, let version = parts.last, !name.isEmpty,
            name.allSatisfy(\.isTokenCharacter)
        else { throw .malformed(.requestLine) }
        let spoken = try Self.version(version)
        let method = Request.Method(name: String(decoding: name, as: UTF8.self))
        return PartialRequest(method: method, target: try RequestTarget(parts[1], method: method), version: spoken)
    }

    private static func version(_ text: ArraySlice<UInt8>) throws(RequestError) -> Request.Version {
        if text.elementsEqual("HTTP/1.1".utf8) { return .http11 }
        if text.elementsEqual("HTTP/1.0".utf8) { return .http10 }
        let number = Array(text.dropFirst(5))
        guard text.starts(with: "HTTP/".utf8), number.count == 3, number[0].isDigit, number[2].isDigit,
            number[1] == UInt8(ascii: ".")
        else { throw .malformed(.requestLine) }
        throw .unsupportedVersion(String(decoding: text, as: UTF8.self))
    }

    private mutating func readField(_ range: Range<Int>) throws(RequestError) {
        let line = buffer[range]
        if line.first == .space || line.first == .tab { throw .malformed(.folding) }
        if line.contains(where: { $0.isControl && $0 != .tab }) { throw .malformed(.controlCharacter) }
        let name = line.prefix { $0.isTokenCharacter }
        let rest = line[name.endIndex...]
        // A space before the colon is rejected here too: proxies handle it differently, which permits request
        // smuggling.
        guard !name.isEmpty, rest.first == UInt8(ascii: ":") else { throw .malformed(.fieldName) }
        guard let count = partial?.headers.fields.count, count < limits.headerFields else {
            throw .tooManyHeaders(limit: limits.headerFields)
        }
        partial?.headers.append(
            String(decoding: name, as: UTF8.self), String(decoding: rest.dropFirst().trimmed, as: UTF8.self))
        partial?.headerBytes += range.count + Self.lineEnd
    }

    /// Removes the lines that were read, and releases the memory of a long request.
    private mutating func dropRead() {
        guard start > 0 else { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 4096)
        } else {
            buffer.removeSubrange(..<start)
        }
        searched -= start
        start = 0
    }
}
