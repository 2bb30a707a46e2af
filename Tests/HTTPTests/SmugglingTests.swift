import Testing

@testable import HTTP

/// Requests whose end a proxy and a server could place differently.
@Suite("Request smuggling")
struct SmugglingTests {
    private static let second = "GET /second HTTP/1.1\r\nHost: test\r\n\r\n"

    private static let heads = [
        // Two lengths: by one the second request is a body, by the other it is not.
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(second.utf8.count)\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\nContent-Length: \(second.utf8.count)\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0, \(second.utf8.count)\r\n\r\n",
        // The length is in a field that one of the two may not recognize.
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding:\u{0B}chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: x, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nX: y\r\n Content-Length: \(second.utf8.count)\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0x0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n",
        // A body of a GET request, which some implementations skip and others parse as a request.
        "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: \(second.utf8.count)\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // HTTP/1.0, for which only some implementations support the field.
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n",
        // Two Host fields.
        "GET / HTTP/1.1\r\nHost: test\r\nHost: other\r\n\r\n",
    ]

    @Test(arguments: heads.indices)
    func `rejects it and does not answer the request behind it`(index: Int) async throws {
        try await withServer { running in
            let client = try running.client()
            client.send(Self.heads[index] + Self.second)
            let answer = try client.answer()
            #expect((400..<500).contains(answer.status) && !answer.text.contains("/second"))
            #expect(answer.headers["Connection"] == "close")
            #expect(client.isEnded())
        }
    }

    @Test func `answers a request behind a complete one`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n" + Self.second)
            #expect(try client.answer().text == "/")
            #expect(try client.answer().text == "/second")
        }
    }
}
