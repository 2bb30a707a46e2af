import Testing

@testable import HTTP

@Suite("RequestParser")
struct RequestParserTests {
    /// Parses `text` in pieces of `size` bytes.
    private func requests(
        _ text: String, pieces size: Int = .max, limits: Limits = Limits()
    ) throws(RequestError) -> [Request] {
        var parser = RequestParser(limits: limits)
        var requests: [Request] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            piece.withUnsafeBytes { parser.append($0) }
            while let request = try parser.next() { requests.append(request) }
        }
        return requests
    }

    private func error(_ text: String, pieces size: Int = .max) -> RequestError? {
        do throws(RequestError) {
            _ = try requests(text, pieces: size)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [1, 2, 7, .max])
    func `parses a request of Prometheus in pieces of any size`(size: Int) throws {
        let text = """
            GET /metrics?collect[]=exporter&collect%5B%5D=a+b HTTP/1.1\r
            Host: printer.example:10883\r
            User-Agent: Prometheus/3.5.0\r
            Accept: text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r
            accept:\tapplication/json \r
            Accept-Encoding: gzip\r
            \r

            """
        let request = try #require(try requests(text, pieces: size).first)
        #expect(request.method == .get)
        #expect(request.path == "/metrics")
        #expect(request.target.queryItems.count == 2)
        #expect(request.query("collect[]") == ["exporter", "a b"])
        #expect(request.version == .http11)
        #expect(request.host == "printer.example:10883")
        #expect(request.headers["user-agent"] == "Prometheus/3.5.0")
        #expect(request.headers["ACCEPT"] == "text/plain;version=0.0.4;q=0.5,*/*;q=0.1, application/json")
        #expect(request.headers.fields.map(\.name) == ["Host", "User-Agent", "Accept", "accept", "Accept-Encoding"])
        #expect(request.keepsAlive)
    }

    @Test(arguments: [1, 3, .max])
    func `parses pipelined requests in order`(size: Int) throws {
        let text = (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
        #expect(try requests(text, pieces: size).map(\.path) == (0..<50).map { "/\($0)" })
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nHost: a", true), ("HTTP/1.1\r\nHost: a\r\nConnection: close", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: foo, CLOSE ", false), ("HTTP/1.0", false),
        ("HTTP/1.0\r\nConnection: keep-alive", true), ("HTTP/1.0\r\nConnection: Keep-Alive, close", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close", false),
    ])
    func `version and Connection decide whether the connection persists`(rest: String, stays: Bool) throws {
        #expect(try requests("GET / \(rest)\r\n\r\n").map(\.keepsAlive) == [stays])
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:10883\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: caf\u{E9}\t1\r\nEmpty:\r\n\r\n",
        "PURGE!x / HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `accepts unusual but valid requests`(text: String) throws {
        for size in [1, .max] { #expect(try requests(text, pieces: size).count == 1) }
    }

    private static let host = "Host: a\r\n"

    @Test(
        arguments: [
            ("GET /\r\n\r\n", .requestLine), ("GET  / HTTP/1.1\r\n", .requestLine),
            (" GET / HTTP/1.1\r\n", .requestLine),
            ("GET / HTTP/1.1 \r\n", .requestLine), ("GET / HTTP/1\r\n", .requestLine),
            ("GET / http/1.1\r\n", .requestLine),
            ("G(T / HTTP/1.1\r\n", .requestLine), ("GET / HTTP/1.x\r\n", .requestLine), ("x\r\n", .requestLine),
            ("GET /\tHTTP/1.1\r\n", .controlCharacter), ("GET /\0 HTTP/1.1\r\n", .controlCharacter),
            ("GET /\rX HTTP/1.1\r\n", .controlCharacter), ("GET / HTTP/1.1\r\r\n", .controlCharacter),
            ("GET metrics HTTP/1.1\r\n", .target), ("GET * HTTP/1.1\r\n", .target), ("GET /# HTTP/1.1\r\n", .target),
            ("GET ftp://a/ HTTP/1.1\r\n", .target), ("GET http:///x HTTP/1.1\r\n", .target),
            ("GET http://user@a/ HTTP/1.1\r\n", .target), ("CONNECT a:443 HTTP/1.1\r\n", .target),
            ("GET /caf\u{E9} HTTP/1.1\r\n", .target),
            ("GET /%zz HTTP/1.1\r\n", .escape), ("GET /% HTTP/1.1\r\n", .escape), ("GET /%0 HTTP/1.1\r\n", .escape),
            ("GET /%00 HTTP/1.1\r\n", .escape), ("GET /%0d%0a HTTP/1.1\r\n", .escape),
            ("GET /%ff HTTP/1.1\r\n", .escape),
            ("GET / HTTP/1.1\r\n\(host)Name : b\r\n\r\n", .fieldName), ("GET / HTTP/1.1\r\n: b\r\n", .fieldName),
            ("GET / HTTP/1.1\r\nNo colon\r\n", .fieldName), ("GET / HTTP/1.1\r\nna\u{EF}ve: b\r\n", .fieldName),
            ("GET / HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", .folding), ("GET / HTTP/1.1\r\n\tHost: a\r\n", .folding),
            ("GET / HTTP/1.1\r\nX: a\rb\r\n", .controlCharacter), ("GET / HTTP/1.1\r\nX: a\0\r\n", .controlCharacter),
            ("GET / HTTP/1.1\r\nX: \u{7F}\r\n", .controlCharacter),
            ("GET / HTTP/1.1\r\nX\u{1}: a\r\n", .controlCharacter),
            ("GET / HTTP/1.1\r\n\r\n", .host), ("GET / HTTP/1.1\r\n\(host)\(host)\r\n", .host),
            ("GET / HTTP/1.0\r\n\(host)\(host)\r\n", .host), ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: \"<x>\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: x\r\n\r\n", .contentLength),
            ("GET / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\n", .contentLength),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\n", .contentLength),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: +1\r\n\r\n", .contentLength),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: 1, 2\r\n\r\n", .contentLength),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: 1\r\nContent-Length: 0\r\n\r\n", .contentLength),
            ("GET / HTTP/1.1\r\n\(host)Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", .framing),
            ("\r\n\n\r\n\n\n", .emptyLines),
        ] as [(String, RequestError.Fault)])
    func `rejects invalid HTTP with 400`(text: String, fault: RequestError.Fault) {
        for size in [1, .max] { #expect(error(text, pieces: size) == .malformed(fault)) }
        #expect(error(text)?.status == .badRequest)
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", .body, .contentTooLarge),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", .body,
                .contentTooLarge
            ),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .body, .contentTooLarge),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", .body,
                .contentTooLarge
            ),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", .expectation, .expectationFailed),
            ("GET / HTTP/2.0\r\n", .unsupportedVersion("HTTP/2.0"), .versionNotSupported),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion("HTTP/2.0"), .versionNotSupported),
            ("GET / HTTP/1.2\r\n", .unsupportedVersion("HTTP/1.2"), .versionNotSupported),
        ] as [(String, RequestError, Status)])
    func `rejects unsupported features with their own status`(text: String, wanted: RequestError, status: Status) {
        for size in [1, .max] { #expect(error(text, pieces: size) == wanted) }
        #expect(wanted.status == status)
    }

    @Test func `a request line may have at most 8 KiB`() throws {
        let path = "/" + String(repeating: "a", count: 8 * 1024 - "GET / HTTP/1.1".utf8.count)
        #expect(try requests("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n").first?.path == path)
        for size in [1, .max] {
            #expect(
                error("GET \(path)a HTTP/1.1\r\nHost: a\r\n\r\n", pieces: size) == .requestLineTooLong(limit: 8192))
        }
        #expect(error(String(repeating: "\0", count: 9000), pieces: 100)?.status == .uriTooLong)
    }

    @Test func `header fields may have at most 16 KiB together`() throws {
        let value = String(repeating: "v", count: 16 * 1024 - "Host: a\r\nX: \r\n".utf8.count)
        #expect(try requests("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n").count == 1)
        for size in [1, .max] {
            let error = error("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)v\r\n\r\n", pieces: size)
            #expect(error == .headersTooLarge(limit: 16384))
            #expect(error?.status == .headersTooLarge)
        }
    }

    @Test func `a request may have at most 64 header fields`() throws {
        let fields = (1..<64).map { "X-\($0): v\r\n" }.joined()
        #expect(try requests("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").first?.headers.fields.count == 64)
        #expect(error("GET / HTTP/1.1\r\nHost: a\r\n\(fields)Y: v\r\n\r\n") == .tooManyHeaders(limit: 64))
    }

    @Test(arguments: [1, 5, .max])
    func `returns complete bodies if the parser accepts them`(size: Int) throws {
        let text = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET /b HTTP/1.1\r\nHost: x\r\n\r\n"
        var parser = RequestParser(bodyLimit: 4)
        var (paths, bodies): ([String], [String]) = ([], [])
        var request: Request?
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            Array(rest.prefix(size)).withUnsafeBytes { parser.append($0) }
            rest = rest.dropFirst(size)
            while let head = try request ?? parser.next() {
                request = head
                guard let body = parser.takeBody(of: head) else { break }
                request = nil
                paths.append(head.path)
                bodies.append(String(decoding: body, as: UTF8.self))
            }
        }
        #expect(paths == ["/a", "/b"] && bodies == ["body", ""])
    }

    @Test(arguments: ["5", "99999999999999999999"])
    func `rejects a body above the limit`(length: String) {
        var parser = RequestParser(bodyLimit: 4)
        let text = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
        Array(text.utf8).withUnsafeBytes { parser.append($0) }
        #expect(throws: RequestError.body) { try parser.next() }
    }

    @Test func `throws the same error again after the first`() {
        var parser = RequestParser()
        Array("bad\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).withUnsafeBytes { parser.append($0) }
        #expect(throws: RequestError.malformed(.requestLine)) { try parser.next() }
        Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).withUnsafeBytes { parser.append($0) }
        #expect(throws: RequestError.malformed(.requestLine)) { try parser.next() }
    }

    @Test func `isMidway is true from the first byte of a request to its last`() throws {
        var parser = RequestParser()
        for (text, isMidway) in [("\r\n", false), ("G", true), ("ET / HTTP/1.0\r\n", true), ("\r\n", false)] {
            Array(text.utf8).withUnsafeBytes { parser.append($0) }
            while try parser.next() != nil {}
            #expect(parser.isMidway == isMidway)
        }
    }
}
