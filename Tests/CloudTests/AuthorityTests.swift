import Foundation
import Platform
import TLS
import Testing

@testable import Cloud
@testable import Simulator

/// The HTTPS server of `openssl s_server`, with a certificate of its own for `localhost`.
private final class TLSServer {
    let url: String
    private let process = Process()
    private let input = Pipe()
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = try PrivateKey()
        let authority = try SimulatedAuthority(name: folder.lastPathComponent, key: key)
        let leaf = try authority.issue(.init(commonName: "localhost", hosts: ["DNS:localhost"]), for: key)
        for (name, bytes) in [("ca", try authority.certificate.pem()), ("crt", try leaf.pem()), ("key", try key.pem())]
        {
            try Data(bytes).write(to: folder.appending(path: name))
        }
        let port = try #require(FreePorts.find(1).first)
        url = "https://localhost:\(port)"
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:\(port)", "-cert", folder.appending(path: "crt").path, "-key",
            folder.appending(path: "key").path, "-www",
        ]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }

    var authority: String { folder.appending(path: "ca").path }

    /// Sends a request, again until the server listens.
    func response(trusting authorities: TrustStore?) async throws -> Result<CloudResponse, CloudFailure> {
        for _ in 0..<500 {
            let result = try await RunningClient.send(CloudRequest("/"), to: url, authorities: authorities) { _ in
                SocketAddress.resolve("127.0.0.1", port: 0)
            }
            guard case .failure(let failure) = result, failure.detail == "cannot connect to the host" else {
                return result
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw SystemError(ETIMEDOUT, "openssl s_server")
    }
}

@Suite("Authorities of the account's servers", .timeLimit(.minutes(1)))
struct AuthorityTests {
    @Test func `a server is trusted by the given authorities only`() async throws {
        let (server, other) = (try TLSServer(), try TLSServer())
        let trusted = try await server.response(trusting: TrustStore(file: server.authority))
        #expect(try trusted.get().status == 200)
        for authorities in [try TrustStore(file: other.authority), try TrustStore(file: nil), nil] {
            guard case .failure(let failure) = try await server.response(trusting: authorities) else {
                Issue.record("the server was trusted")
                continue
            }
            #expect(failure.detail == "the host's certificate is not trusted", "\(String(describing: authorities))")
        }
    }
}
