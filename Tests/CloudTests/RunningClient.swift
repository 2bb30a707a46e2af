import Platform
import Reactor
import TLS

@testable import Cloud

/// Sends one request with a client on an event loop and a thread of its own.
enum RunningClient {
    static func send(
        _ request: CloudRequest, to url: String, deadline: Duration = .seconds(5), library: String = "libcurl.so.4",
        authorities: TrustStore? = nil,
        lookUp: @escaping @Sendable (String) -> [SocketAddress] = { SocketAddress.resolve($0, port: 0) }
    ) async throws -> Result<CloudResponse, CloudFailure> {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread(named: "client") {
                    continuation.resume(
                        with: Swift.Result {
                            let loop = try EventLoop()
                            let client = CloudClient(
                                on: loop, resolver: Resolver(on: loop, lookUp: lookUp),
                                hosts: CloudClient.Hosts(api: url, site: url), userAgent: "bambu_exporter/test",
                                deadline: deadline, library: library, authorities: authorities)
                            defer { client.close() }
                            var answer = Result<CloudResponse, CloudFailure>.failure(CloudFailure(.network, "not sent"))
                            client.send(request) {
                                answer = $0
                                loop.stop()
                            }
                            loop.run()
                            return answer
                        })
                }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
