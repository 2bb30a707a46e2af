import Testing

@testable import Platform

@Suite("A web URL")
struct WebURLTests {
    @Test func `has a scheme, a host, a port and a path`() throws {
        let url = try #require(WebURL("HTTPS://Host.example:8443/a/b"))
        #expect(url.scheme == "https" && url.host == "Host.example" && url.port == 8443 && url.path == "/a/b")
        #expect(url.authority == "Host.example:8443" && !url.hasUser && !url.hasQuery && !url.hasFragment)
    }

    @Test func `has the port of its scheme without another`() throws {
        #expect(try #require(WebURL("http://host")).port == 80)
        let url = try #require(WebURL("https://host/"))
        #expect(url.port == 443 && url.explicitPort == nil && url.authority == "host" && url.path == "/")
    }

    @Test func `may have an IPv6 address in brackets`() throws {
        let url = try #require(WebURL("http://[::1]:9/x"))
        #expect(url.host == "::1" && url.port == 9 && url.authority == "[::1]:9")
        #expect(try #require(WebURL("http://[2001:db8::1]")).authority == "[2001:db8::1]")
    }

    @Test(arguments: [
        ("https://user:secret@host", true, false, false), ("https://user@host:1/a@b", true, false, false),
        ("https://host?a=b", false, true, false), ("https://host/a#b?c", false, false, true),
        ("https://host/?#", false, true, true),
    ])
    func `shows whether it has a user, a query and a fragment`(text: String, user: Bool, query: Bool, fragment: Bool)
        throws
    {
        let url = try #require(WebURL(text))
        #expect(url.host == "host" && url.hasUser == user && url.hasQuery == query && url.hasFragment == fragment)
    }

    @Test(arguments: [
        "", "host", "host:80", "https:", "https:/host", "https://", "https:///path", "https://:80", "ftp://host",
        "file:///etc/passwd", "https://ho st", "https://h\u{F6}st", "https://host:", "https://host:x",
        "https://host:+1",
        "https://host:65536", "https://host:1:2", "https://::1", "https://[::1", "https://[::1]x", "https://[host]",
        "https://[]", "https://ho[st", "https://host\n", "https://host/\"", "https://%68ost", " https://host",
    ])
    func `is no other text`(text: String) {
        #expect(WebURL(text) == nil)
    }
}
