/// Cuts a stream of bytes into requests.
///
/// Bytes may come in pieces of any size: the result depends on the bytes alone. After an error the stream is lost, and
/// every further call throws that error again.
package struct RequestParser: Sendable {
    /// A request whose line is read and whose fields are being read.
    private struct Beginning {
        let method: Request.Method
        let target: RequestTarget
        let version: Request.Version
        var headers = Headers()
        var headerBytes = 0
    }

    /// RFC 9112, section 2.2 asks to pass over at least one empty line before a request.
    private static let emptyLinesPassedOver = 4
    /// What a line end counts, in whichever form it comes.
    private static let lineEnd = 2

    private let limits: Limits
    private let bodyLimit: Int
    private var buffer: [UInt8] = []
    /// Where the first line that is not yet read begins.
    private var start = 0
    /// Up to where that line has been searched for its end.
    private var searched = 0
    private var emptyLines = 0
    private var beginning: Beginning?
    private var failure: RequestError?

    /// A parser at the beginning of a stream.
    ///
    /// - Parameter bodyLimit: bytes of a body that are accepted. After a request with a body, `takeBody` must return the
    ///   body before `next` is called again.
    package init(limits: Limits = Limits(), bodyLimit: Int = 0) {
        self.limits = limits
        self.bodyLimit = bodyLimit
    }

    /// Whether a request has begun to come in and has not come in whole. Ask after `next` returned `nil`.
    package var isMidway: Bool { beginning != nil || start < buffer.count }

    /// Takes what came in. It is kept until `next` has read it, so call that until it returns `nil`.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole request, or `nil` until more bytes came in.
    package mutating func next() throws(RequestError) -> Request? {
        if let failure { throw failure }
        do throws(RequestError) {
            while let line = try takeLine() {
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

    /// Takes the body of `request`, which `next` returned last; `nil` until all of it came in.
    package mutating func takeBody(of request: Request) -> [UInt8]? {
        guard buffer.count - start >= request.bodyLength else { return nil }
        let end = start + request.bodyLength
        defer { (start, searched) = (end, end) }
        return Array(buffer[start..<end])
    }

    /// The next line without its line end, which is CR LF or, as RFC 9112 allows, LF alone.
    private mutating func takeLine() throws(RequestError) -> Range<Int>? {
        let end = buffer[searched...].firstIndex(of: .lineFeed)
        var contentEnd = end ?? buffer.endIndex
        if contentEnd > start, buffer[contentEnd - 1] == .carriageReturn { contentEnd -= 1 }
        // A line is measured as soon as it is too long, and before anything in it is looked at: so the outcome is
        // the same whether it came in one piece or byte by byte.
        let count = contentEnd - start
        if let beginning {
            guard count == 0 || beginning.headerBytes + count + Self.lineEnd <= limits.headers else {
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
        if beginning != nil {
            guard line.isEmpty else {
                try readField(line)
                return nil
            }
            return try finish()
        }
        guard !line.isEmpty else {
            emptyLines += 1
            if emptyLines > Self.emptyLinesPassedOver { throw .malformed(.emptyLines) }
            return nil
        }
        beginning = try readRequestLine(buffer[line])
        return nil
    }

    private mutating func finish() throws(RequestError) -> Request? {
        guard let whole = beginning else { return nil }
        beginning = nil
        emptyLines = 0
        return try Request(
            whole.method, whole.target, version: whole.version, headers: whole.headers, bodyLimit: bodyLimit)
    }

    private func readRequestLine(_ line: ArraySlice<UInt8>) throws(RequestError) -> Beginning {
        if line.contains(where: \.isControl) { throw .malformed(.controlCharacter) }
        let parts = line.split(separator: .space, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = parts.first, let version = parts.last, !name.isEmpty,
            name.allSatisfy(\.isTokenCharacter)
        else { throw .malformed(.requestLine) }
        let spoken = try Self.version(version)
        let method = Request.Method(String(decoding: name, as: UTF8.self))
        return Beginning(method: method, target: try RequestTarget(parts[1], method: method), version: spoken)
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
        // A space before the colon ends up here too: proxies disagree about it, so it smuggles fields.
        guard !name.isEmpty, rest.first == UInt8(ascii: ":") else { throw .malformed(.fieldName) }
        guard let count = beginning?.headers.fields.count, count < limits.headerFields else {
            throw .tooManyHeaders(limit: limits.headerFields)
        }
        beginning?.headers.append(
            String(decoding: name, as: UTF8.self), String(decoding: rest.dropFirst().trimmed, as: UTF8.self))
        beginning?.headerBytes += range.count + Self.lineEnd
    }

    /// Forgets the lines that are read; gives the memory of a long request back.
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
