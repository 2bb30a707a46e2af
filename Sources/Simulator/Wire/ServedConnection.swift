import COpenSSL
import HTTP
import Reactor

/// The server's side of one connection, with or without TLS. A subclass is a protocol. Confined to its loop's thread.
class ServedConnection {
    final let loop: EventLoop
    private let transport: Transport
    /// The `SSL` of OpenSSL, which the transport frees; `nil` without TLS, and after the handshake.
    private var handshake: OpaquePointer?
    private var outgoing: [UInt8] = []
    private var dripping: ArraySlice<UInt8> = []
    private(set) final var isOpen = true
    /// A repeated action of the protocol, which ends with the connection.
    final var timer: TimerQueue.Token?
    final var onEnd: (() -> Void)?

    /// Takes ownership of an accepted connection, and closes it at the end.
    init(loop: EventLoop, descriptor: Int32, tls: ServerTLS?) throws {
        self.loop = loop
        handshake = tls?.session(on: descriptor, isLocal: true, at: loop.now)
        transport = Transport(descriptor: descriptor, ssl: handshake)
        do {
            guard tls == nil || handshake != nil else { throw SimulatorError.openSSL(operation: "SSL_new") }
            try loop.watch(descriptor, for: .read) { self.socketReady($0) }
        } catch {
            transport.close()
            throw error
        }
    }

    func secured() {}

    func receive(_ bytes: [UInt8]) {}

    /// Whether so much is not yet sent that more must wait.
    final var isCongested: Bool { outgoing.count >= 4 << 20 }

    /// Sends bytes immediately or as soon as the peer reads.
    final func send(_ bytes: [UInt8]) {
        guard isOpen else { return }
        outgoing += bytes
        flush()
    }

    /// Sends bytes one by one, after those already queued in this way.
    final func drip(_ bytes: [UInt8], every interval: Duration) {
        let isFirst = dripping.isEmpty
        dripping += bytes
        if isFirst { sendByte(every: interval) }
    }

    private func sendByte(every interval: Duration) {
        guard isOpen, let byte = dripping.popFirst() else { return }
        send([byte])
        loop.schedule(after: interval) { [weak self] in self?.sendByte(every: interval) }
    }

    /// Closes the connection in order.
    final func close() {
        guard isOpen else { return }
        transport.finishSending()
        end()
    }

    private func socketReady(_ readiness: EventLoop.Readiness) {
        if readiness.writable { flush() }
        guard isOpen else { return }
        var outcome = Transport.Outcome.failed
        // The buffer holds a whole record, so that no data stays in OpenSSL.
        let bytes = [UInt8](unsafeUninitializedCapacity: Transport.receiveSize) { buffer, count in
            outcome = transport.receive(into: UnsafeMutableRawBufferPointer(buffer))
            if case .moved(let moved) = outcome { count = moved }
        }
        if let ssl = handshake, SSL_is_init_finished(ssl) == 1 {
            handshake = nil
            secured()
        }
        guard isOpen else { return }
        switch outcome {
        case .moved: receive(bytes)
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
            case .ended, .failed, .plainHTTP: return end()
            }
        }
        if isOpen { wait(for: .read) }
    }

    private func wait(for interest: EventLoop.Interest) {
        loop.change(transport.descriptor, to: outgoing.isEmpty ? interest : interest.union(.read))
    }

    private func end() {
        guard isOpen else { return }
        isOpen = false
        outgoing = []
        if let timer { loop.cancel(timer) }
        loop.unwatch(transport.descriptor)
        transport.close()
        onEnd?()
    }
}
