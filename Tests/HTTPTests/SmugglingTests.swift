import Testing

@testable import HTTP

/// Requests that are written so that two programs on the way would see different ends of them.
@Suite("Request smuggling")
struct SmugglingTests {
    private static let second = "GET /second HTTP/1.1\r\nHost: test\r\n\r\n"

    private static let heads = [
        // One length says that the second request is a body, the other that it is not.
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(second.utf8.count)\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\nContent-Length: \(second.utf8.count)\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0, \(second.utf8.count)\r\n\r\n",
        // The field that says so is hidden from one of them.
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding:\u{0B}chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: x, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nX: y\r\n Content-Length: \(second.utf8.count)\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0x0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: test\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n",
        // A body where none belongs, which some skip and others read on in.
        "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: \(second.utf8.count)\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // An old version, in which one of them is not known.
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n",
        // Two hosts.
        "GET / HTTP/1.1\r\nHost: test\r\nHost: other\r\n\r\n",
    ]

    @Test(arguments: heads.indices)
    func `it is refused, and what stands behind it is not answered`(index: Int) async throws {
        try await withServer { running in
            let client = try running.client()
            client.send(Self.heads[index] + Self.second)
            let answer = try client.answer()
            #expect((400..<500).contains(answer.status) && !answer.text.contains("/second"))
            #expect(answer.headers["Connection"] == "close")
            #expect(client.isEnded())
        }
    }

    @Test func `what stands behind a whole request is answered`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n" + Self.second)
            #expect(try client.answer().text == "/")
            #expect(try client.answer().text == "/second")
        }
    }
}
