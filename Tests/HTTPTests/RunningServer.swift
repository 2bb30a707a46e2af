import Platform
import Testing

@testable import HTTP

/// A server on a free loopback port, for the duration of a test.
struct RunningServer: Sendable {
    static let bigBody = [UInt8](repeating: UInt8(ascii: "x"), count: 20 * 1024 * 1024)

    let server: Server
    let address: SocketAddress

    /// - Parameter host: The local address that the client connects from.
    func client(receiveBuffer: Int32? = nil, from host: String? = nil) throws -> Client {
        try Client(address, receiveBuffer: receiveBuffer, from: host)
    }

    /// A client that requested the 20 MB of `/big`, read the header and stopped reading.
    func slowReader() throws -> Client {
        let client = try client(receiveBuffer: 4096)
        client.send("GET /big HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try client.head().status == 200)
        return client
    }

    func rejections(_ reason: RejectionReason) -> Int {
        server.rejections[reason] ?? -1
    }
}

/// Runs `body` with a server that responds with the requested path, and with 20 MB at `/big`.
func withServer(
    _ change: (inout Limits) -> Void = { _ in }, _ body: (RunningServer) async throws -> Void
) async throws {
    var limits = Limits()
    change(&limits)
    let server = Server(
        addresses: [try ListenAddress("127.0.0.1:0")], limits: limits, isExempt: { $0.path == "/healthy" },
        handler: { request in
            if request.path == "/big" { return Response(type: "text/plain", body: RunningServer.bigBody) }
            return Response(.ok, text: request.path, headers: ["Vary": "Accept"])
        })
    let address = try #require(try server.open().first)
    try server.start()
    do {
        try await body(RunningServer(server: server, address: address))
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}

extension Server {
    /// Stops the server and waits until its thread has finished.
    func stop(within limit: Duration) async {
        await withCheckedContinuation { continuation in stop(within: limit) { continuation.resume() } }
    }
}
