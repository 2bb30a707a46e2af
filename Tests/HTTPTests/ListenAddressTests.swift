import Platform
import Testing

@testable import HTTP

@Suite("ListenAddress")
struct ListenAddressTests {
    @Test(arguments: [
        (":10883", ["[::]:10883", "0.0.0.0:10883"]), ("127.0.0.1:0", ["127.0.0.1:0"]),
        ("[::1]:65535", ["[::1]:65535"]), ("0.0.0.0:80", ["0.0.0.0:80"]),
    ])
    func `binds the address, or every interface without one`(text: String, bound: [String]) throws {
        #expect(try ListenAddress(text).candidates.map(\.text) == bound)
    }

    @Test(arguments: [
        ("10883", "has no port"), ("", "has no port"), ("127.0.0.1:", "does not end in a port"),
        (":65536", "does not end in a port"), (":-1", "does not end in a port"), (":+1", "does not end in a port"),
        (":http", "does not end in a port"), ("::1:10883", "is ambiguous"), ("::1", "is ambiguous"),
        ("localhost:1", "does not begin with an IP address"), ("1:1", "does not begin with an IP address"),
        ("*:1", "does not begin with an IP address"), ("1.2.3.256:1", "does not begin with an IP address"),
        ("[1.2.3.4]:1", "does not begin with an IP address"), ("[]:1", "does not begin with an IP address"),
    ])
    func `rejects an invalid address with its text and the remedy`(text: String, problem: String) throws {
        let error = try #require(throws: ListenError.self) { try ListenAddress(text) }
        #expect(error.description.hasPrefix("\(text) \(problem)"))
        #expect(error.description.contains("10883") || error.description.contains("65535"))
    }
}
