import Foundation
import Platform
import Testing

@testable import Cloud

@Suite("Token")
struct TokenTests {
    /// A JWT with an invalid signature.
    static func jwt(_ claims: String) -> String {
        let middle = Data(claims.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        return "eyJhbGciOiJSUzI1NiJ9.\(middle).c2lnbmF0dXJl"
    }

    @Test(arguments: [
        "AADBD2wZe", "AADBD2wZe\n", "  AADBD2wZe \r\n\n", #"{"token":"AADBD2wZe"}"#,
        #" {"accessToken":"AADBD2wZe","refreshToken":"x"}"#,
        #"{"access_token":"AADBD2wZe"}"#,
    ])
    func `parses a bare token and JSON`(text: String) throws {
        let token = try Token(text: text, written: 0)
        #expect(token.secret == Secret("AADBD2wZe") && token.expiry == nil && token.user == nil)
    }

    @Test(arguments: [
        "Bearer AADBD2wZe", "bearer  AADBD2wZe\n", "token=AADBD2wZe;", "Authorization: Bearer AADBD2wZe",
        #"{"token":"Bearer AADBD2wZe"}"#,
    ])
    func `removes prefixes that are pasted with a token`(text: String) throws {
        #expect(try Token(text: text, written: 0).secret == Secret("AADBD2wZe"))
    }

    @Test func `a JWT contains its expiry and its user`() throws {
        let token = try Token(text: Self.jwt(#"{"exp":1803000000,"username":"u_1234567","aud":["x"]}"#), written: 0)
        #expect(token.expiry == 1_803_000_000 && token.user == "u_1234567")
    }

    @Test(arguments: [
        (#"{"token":"x","expires":1803000000}"#, 1_803_000_000.0),
        (#"{"accessToken":"x","expiresIn":7776000}"#, 7_777_000),
    ])
    func `the expiry may come from the file`(text: String, end: Double) throws {
        #expect(try Token(text: text, written: 1000).expiry == end)
    }

    @Test func `parses the file that a login writes`() throws {
        let written = Token.file(token: Secret("abc.def"), expires: 1_803_000_000)
        let token = try Token(text: written.revealed, written: 0)
        #expect(token.secret == Secret("abc.def") && token.expiry == 1_803_000_000)
    }

    @Test(arguments: [
        "", "\n", "two words", "a\nb", "tok\u{E9}n", "{", "{}", #"{"token":""}"#, #"{"token":7}"#, #"{"token":"a b"}"#,
        #"a","expires":"1"#, #"a\"#,
        String(repeating: "x", count: 20_000),
    ])
    func `rejects an invalid token without showing it`(text: String) {
        let error = #expect(throws: Token.Unreadable.self) { try Token(text: text, written: 0) }
        #expect(error?.description.contains("two words") == false && error?.description.contains("xxxx") == false)
    }

    @Test(arguments: [
        #"{"exp":"x","username":7}"#, "[]", "", #"{"exp":1e300}"#, #"{"exp":-5}"#, #"{"username":"bblp"}"#,
        #"{"username":"u_1\n2"}"#,
    ])
    func `ignores invalid claims`(claims: String) throws {
        let token = try Token(text: Self.jwt(claims), written: 0)
        #expect(token.expiry == nil && token.user == nil)
    }
}
