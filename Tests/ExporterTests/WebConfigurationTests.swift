import Foundation
import Testing

@testable import Exporter
@testable import HTTP

@Suite("The web configuration")
struct WebConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let hash = "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"

    private func problems(_ text: String) throws -> [String] {
        let file = try folder.write("web.json", text)
        do {
            _ = try WebConfiguration(file: file)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map {
                String($0).replacing("\(file):1: ", with: "").replacing("\(file): ", with: "")
            }
        }
    }

    @Test(arguments: [
        ("[]", "expected an object, found a list"), ("1.", "expected an object, found a number"),
        (#"{"basic_auth_user": {}}"#, "basic_auth_user: unknown key; did you mean \"basic_auth_users\"?"),
        (
            #"{"basic_auth_users": {"a": "secret"}}"#,
            "basic_auth_users.a: is not a bcrypt hash; make one with: htpasswd -nBC 10 \"\""
        ),
        (#"{"basic_auth_users": {"a": 5}}"#, "basic_auth_users.a: expected a string in quotes, found a number"),
        (
            #"{"tls_server_config": {"cert_file": "a"}}"#,
            "tls_server_config: cert_file and key_file are both required, and one is missing"
        ),
        (
            #"{"tls_server_config": {"cert_file": "a", "key_file": "b", "min_version": "TLS10"}}"#,
            "tls_server_config.min_version: expected one of TLS12, TLS13, found \"TLS10\""
        ),
        (
            #"{"tls_server_config": {"cert_file": "a", "key_file": "b", "min_version": "TLS13", "max_version": "TLS12"}}"#,
            "tls_server_config: min_version is newer than max_version"
        ),
        (
            #"{"tls_server_config": {"cert_file": "a", "key_file": "b", "client_ca_file": "c"}}"#,
            "tls_server_config: client_ca_file is required for VerifyClientCertIfGiven and RequireAndVerifyClientCert, and not allowed otherwise"
        ),
        (
            #"{"http_server_config": {"headers": {"Via-Nobody": "x"}}}"#,
            "http_server_config.headers.Via-Nobody: unknown key; known here: Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection"
        ),
    ])
    func `problems are reported with their key`(text: String, problem: String) throws {
        #expect(try problems(text) == [problem])
    }

    @Test func `invalid JSON and missing files are reported`() throws {
        #expect(try problems("tls_server_config:\n  cert_file: a\n").first?.contains("must be JSON") == true)
        let missing = try problems(#"{"tls_server_config": {"cert_file": "a.crt", "key_file": "b.key"}}"#)
        #expect(missing.first?.contains("a.crt: holds no PEM certificate that can be read") == true)
        #expect(throws: ConfigurationError.self) { try WebConfiguration(file: "/nowhere/web.json") }
    }

    @Test func `a slow hash causes a warning that does not contain the hash`() throws {
        let slow = Self.hash.replacing("$10$", with: "$14$")
        let file = try folder.write("web.json", "{\"basic_auth_users\": {\"a\": \"\(slow)\"}}")
        let web = try WebConfiguration(file: file)
        #expect(web.warnings.count == 1 && web.warnings[0].contains("a cost of 14"))
        #expect(!web.warnings[0].contains(slow))
    }
}
