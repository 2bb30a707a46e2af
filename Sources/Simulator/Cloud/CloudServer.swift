import HTTP
import Reactor

/// The HTTP server of a simulated account, on a thread of its own. It accepts bodies, and misbehaves on demand.
package final class CloudServer: Sendable {
    /// What only the loop's thread touches.
    private struct State {
        var listener: LoopbackListener?
        var connections: [ObjectIdentifier: CloudConnection] = [:]
    }

    private let account: SimulatedAccount
    private let thread: LoopThread
    private let state = LoopIsolated(State())

    package init(_ account: SimulatedAccount) throws {
        self.account = account
        thread = try LoopThread()
    }

    deinit {
        stop()
    }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameters:
    ///   - certificateFile: `nil` for a server without TLS.
    ///   - keyFile: the key of that certificate, as PEM.
    /// - Returns: the port.
    package func start(
        port: UInt16 = 0, certificateFile: String? = nil, keyFile: String? = nil
    ) throws -> UInt16 {
        let tls = try certificateFile.map { try ServerTLS.printer(certificateFile: $0, keyFile: keyFile ?? $0) }
        let listener = LoopIsolated(try LoopbackListener(loop: thread.loop, port: port))
        let bound = listener.value.port
        thread.loop.perform { [loop = thread.loop, account, state] in
            state.value.listener = listener.value
            try? listener.value.accept { descriptor in
                let connection = try? CloudConnection(loop: loop, account: account, descriptor: descriptor, tls: tls) {
                    state.value.connections[ObjectIdentifier($0)] = nil
                }
                if let connection { state.value.connections[ObjectIdentifier(connection)] = connection }
            }
        }
        return bound
    }

    /// Closes everything.
    package func stop() {
        thread.loop.perform { [state] in
            state.value.listener?.close()
            for connection in state.value.connections.values { connection.close() }
            state.value = State()
        }
        thread.end()
    }
}
