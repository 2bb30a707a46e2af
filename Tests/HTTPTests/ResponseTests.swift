import Testing

@testable import HTTP

@Suite("Response")
struct ResponseTests {
    private func lines(_ response: Response, connection: String? = nil) -> [String] {
        String(decoding: response.head(connection: connection), as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test func `the header has the status, the type and the length`() {
        let response = Response(.notFound, text: "caf\u{E9}\n", headers: ["Vary": "Accept"])
        #expect(
            lines(response) == [
                "HTTP/1.1 404 Not Found", "Content-Type: text/plain; charset=utf-8", "Content-Length: 6",
                "Vary: Accept",
            ])
    }

    @Test func `the header has the right Connection field`() {
        let response = Response(.ok, text: "")
        #expect(lines(response, connection: "close").last == "Connection: close")
        #expect(lines(response, connection: "keep-alive").last == "Connection: keep-alive")
    }

    @Test func `a value cannot start a new header line`() {
        var headers: Headers = ["Location": "/a\r\nSet-Cookie: b=c\n\0d"]
        headers.append("Bad Name\r\nX", "1")
        let response = Response(type: "text/html\r\nX: 1", headers: headers, body: [])
        #expect(lines(response).count == 4)
        #expect(lines(response).last == "Location: /a  Set-Cookie: b=c  d")
    }

    @Test func `a handler cannot set framing fields`() {
        let headers: Headers = ["content-length": "7", "Transfer-Encoding": "chunked", "Connection": "upgrade"]
        #expect(lines(Response(type: "a/b", headers: headers, body: [1])).count == 3)
    }
}
