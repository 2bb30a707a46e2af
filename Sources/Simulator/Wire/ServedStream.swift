import COpenSSL
import HTTP
import Reactor

/// The server's side of one connection, with TLS or without. Confined to its loop's thread.
final class ServedStream {
    enum Event {
        /// The TLS handshake is done.
        case secured
        case received([UInt8])
        /// The connection ended; not reported after `close`.
        case closed
    }

    private let loop: EventLoop
    private let transport: Transport
    /// OpenSSL's `SSL`, which the transport frees; `nil` without TLS, and once the handshake is done.
    private var handshake: OpaquePointer?
    private let onEvent: (Event) -> Void
    private var outgoing: [UInt8] = []
    private var dripping: ArraySlice<UInt8> = []
    private var isOpen = true

    /// Takes over an accepted connection and closes it at the end.
    init(loop: EventLoop, descriptor: Int32, tls: ServerTLS?, onEvent: @escaping (Event) -> Void) throws {
        self.loop = loop
        self.onEvent = onEvent
        handshake = tls?.session(on: descriptor, isLocal: true, at: loop.now)
        transport = Transport(descriptor: descriptor, ssl: handshake)
        do {
            guard tls == nil || handshake != nil else { throw SimulatorError.openSSL(operation: "SSL_new") }
            try loop.watch(descriptor, for: .read) { self.ready($0) }
        } catch {
            transport.close()
            throw error
        }
    }

    /// Bytes that the peer has not taken yet.
    var unsent: Int { outgoing.count }

    /// Sends bytes, now or as soon as the peer takes them.
    func send(_ bytes: [UInt8]) {
        guard isOpen else { return }
        outgoing += bytes
        flush()
    }

    /// Sends bytes one by one, behind those that are sent so already.
    func drip(_ bytes: some Sequence<UInt8>, every interval: Duration) {
        let isFirst = dripping.isEmpty
        dripping += bytes
        if isFirst { sendByte(every: interval) }
    }

    private func sendByte(every interval: Duration) {
        guard isOpen, let byte = dripping.popFirst() else { return }
        send([byte])
        loop.schedule(after: interval) { [weak self] in self?.sendByte(every: interval) }
    }

    /// Ends the connection in order. No event follows.
    func close() {
        guard isOpen else { return }
        transport.finishSending()
        release()
    }

    private func ready(_ readiness: EventLoop.Readiness) {
        if readiness.writable { flush() }
        receive()
    }

    private func receive() {
        guard isOpen else { return }
        var outcome = Transport.Outcome.failed
        // It holds a whole record, so that nothing stays behind in OpenSSL.
        let bytes = [UInt8](unsafeUninitializedCapacity: Transport.receiveSize) { buffer, count in
            outcome = transport.receive(into: UnsafeMutableRawBufferPointer(buffer))
            if case .moved(let moved) = outcome { count = moved }
        }
        if let ssl = handshake, SSL_is_init_finished(ssl) == 1 {
            handshake = nil
            onEvent(.secured)
        }
        guard isOpen else { return }
        switch outcome {
        case .moved: onEvent(.received(bytes))
        case .blocked(let interest): wait(for: interest)
        case .ended, .failed, .plainHTTP: end()
        }
    }

    private func flush() {
        while isOpen, !outgoing.isEmpty {
            let outcome = outgoing.withUnsafeBytes {
                transport.send($0, UnsafeRawBufferPointer(rebasing: $0.prefix(0)))
            }
            switch outcome {
            case .moved(let count): outgoing.removeFirst(count)
            case .blocked(let interest): return wait(for: interest)
            // The owner expects no event before its call has returned.
            case .ended, .failed, .plainHTTP:
                loop.schedule(after: .zero) { self.end() }
                return
            }
        }
        wait(for: .read)
    }

    private func wait(for interest: EventLoop.Interest) {
        loop.change(transport.descriptor, to: outgoing.isEmpty ? interest : interest.union(.read))
    }

    private func end() {
        guard isOpen else { return }
        release()
        onEvent(.closed)
    }

    private func release() {
        isOpen = false
        outgoing = []
        loop.unwatch(transport.descriptor)
        transport.close()
    }
}
