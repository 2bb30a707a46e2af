import Testing

@testable import HTTP

@Suite("RequestTarget")
struct RequestTargetTests {
    @Test(arguments: [
        ("/", "/"), ("/metrics", "/metrics"), ("/a%20b%2Fc", "/a b/c"), ("/caf%C3%A9", "/caf\u{E9}"),
        ("//metrics", "//metrics"), ("/metrics/", "/metrics/"), ("/../etc/passwd", "/../etc/passwd"),
        ("http://host/metrics?a=b", "/metrics"), ("HTTPS://[::1]:8443", "/"), ("http://host?a=b", "/"),
    ])
    func `the path is decoded but not normalized`(text: String, path: String) throws {
        #expect(try RequestTarget(text).path == path)
    }

    @Test func `an absolute target overrides the Host field`() throws {
        let target = try RequestTarget("http://printer:10883/metrics")
        #expect(target.authority == "printer:10883")
        let request = try Request(.get, target, headers: ["Host": "other"])
        #expect(request.host == "printer:10883")
    }

    @Test func `the asterisk is valid only for OPTIONS`() throws {
        #expect(try RequestTarget("*", method: .options).path == "*")
        #expect(throws: RequestError.malformed(.target)) { try RequestTarget("*", method: .get) }
    }

    @Test(arguments: [
        ("/?", []), ("/?a", [("a", "")]), ("/?a=1&a=2", [("a", "1"), ("a", "2")]), ("/?&&b=", [("b", "")]),
        ("/?collect%5b%5d=x%26y", [("collect[]", "x&y")]), ("/?a=b=c", [("a", "b=c")]),
        ("/?a=1+2%2B3", [("a", "1 2+3")]),
        ("/?a=100%&b=%zz", [("a", "100%"), ("b", "%zz")]), ("/?a=%ff", [("a", "\u{FFFD}")]),
        ("/?a?b=/", [("a?b", "/")]),
    ])
    func `parses a query into items, invalid escapes as text`(
        text: String, items: [(String, String)]
    ) throws {
        let wanted = items.map { RequestTarget.QueryItem(name: $0.0, value: $0.1) }
        #expect(try RequestTarget(text).queryItems == wanted)
    }
}
