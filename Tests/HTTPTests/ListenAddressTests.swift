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

    @Test(
        arguments: [
            ("10883", .noPort("10883")), ("", .noPort("")), ("127.0.0.1:", .badPort("127.0.0.1:")),
            (":65536", .badPort(":65536")), (":-1", .badPort(":-1")), (":+1", .badPort(":+1")),
            (":http", .badPort(":http")),
            ("::1:10883", .noBrackets("::1:10883")), ("::1", .noBrackets("::1")),
            ("localhost:1", .noAddress("localhost:1")), ("1:1", .noAddress("1:1")), ("*:1", .noAddress("*:1")),
            ("1.2.3.256:1", .noAddress("1.2.3.256:1")), ("[1.2.3.4]:1", .noAddress("[1.2.3.4]:1")),
            ("[]:1", .noAddress("[]:1")),
        ] as [(String, ListenError)])
    func `rejects an invalid address with its text and the remedy`(text: String, wanted: ListenError) {
        #expect(throws: wanted) { try ListenAddress(text) }
        #expect(wanted.description.hasPrefix(text))
        #expect(wanted.description.contains("10883") || wanted.description.contains("65535"))
    }
}
