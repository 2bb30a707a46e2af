import HTTP
import Reactor

/// The HTTP server of a simulated account, on its own thread. It accepts bodies and injects faults.
package final class CloudServer: Sendable {
    private let account: SimulatedAccount
    private let thread: LoopThread
    private let server = LoopIsolated<LoopbackServer<CloudConnection>?>(nil)

    package init(_ account: SimulatedAccount) throws {
        self.account = account
        thread = try LoopThread()
    }

    deinit {
        stop()
    }

    /// Listens on 127.0.0.1, with TLS if there is a certificate; returns the port.
    package func start(port: UInt16 = 0, certificateFile: String? = nil, keyFile: String? = nil) throws -> UInt16 {
        let tls = try certificateFile.map { try ServerTLS.printer(certificateFile: $0, keyFile: keyFile ?? $0) }
        let server = LoopIsolated(try LoopbackServer<CloudConnection>(loop: thread.loop, port: port))
        let bound = server.value.port
        thread.loop.perform { [loop = thread.loop, account, current = self.server] in
            current.value = server.value
            try? server.value.accept { [weak server = server.value] descriptor in
                server?.serve {
                    try CloudConnection(loop: loop, descriptor: descriptor, tls: tls, account: account)
                }
            }
        }
        return bound
    }

    package func stop() {
        thread.loop.perform { [server] in
            server.value?.close()
            server.value = nil
        }
        thread.end()
    }
}
