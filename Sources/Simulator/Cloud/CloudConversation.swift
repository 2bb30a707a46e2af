import Glibc
import Reactor

/// One connection to the simulated account's server. Confined to its loop's thread.
final class CloudConversation {
    private let loop: EventLoop
    private let account: SimulatedAccount
    /// Where there is TLS.
    private var stream: TLSStream?
    /// Where there is none.
    private var descriptor: Int32 = -1
    private var incoming: [UInt8] = []
    private var timer: TimerQueue.Token?
    private var isClosed = false

    var onEnd: (() -> Void)?

    init(loop: EventLoop, account: SimulatedAccount) {
        self.loop = loop
        self.account = account
    }

    /// Takes over an accepted connection.
    func open(_ descriptor: Int32, _ identity: CameraIdentity?) {
        do {
            if let identity {
                stream = try TLSStream(loop: loop, serving: descriptor, context: identity.context) {
                    [weak self] event in
                    switch event {
                    case .secured: break
                    case .received(let bytes): self?.receive(Array(bytes))
                    case .closed: self?.close()
                    }
                }
            } else {
                self.descriptor = descriptor
                try loop.watch(descriptor, for: .read) { [weak self] _ in self?.read() }
            }
        } catch {
            close()
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        if let timer { loop.cancel(timer) }
        stream?.close()
        if descriptor >= 0 {
            loop.unwatch(descriptor)
            Glibc.close(descriptor)
        }
        descriptor = -1
        // The last reference may be the one in the watch.
        loop.schedule(after: .zero) { withExtendedLifetime(self) {} }
        onEnd?()
    }

    private func read() {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { return receive(Array(chunk.prefix(count))) }
        if count == 0 || errno != EAGAIN { close() }
    }

    private func receive(_ bytes: [UInt8]) {
        incoming += bytes
        guard incoming.count <= 2 * CloudMessage.limit else { return close() }
        while !isClosed, let message = CloudMessage.take(from: &incoming) {
            // Clients wait for it before longer bodies.
            if message.headers["expect"] != nil { send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
            reply(account.answer(message))
        }
    }

    private func reply(_ reply: CloudReply) {
        switch reply.manner {
        case .whole: send(reply.bytes)
        case .mute: break
        case .cut: close()
        case .drip: drip(reply.bytes[...])
        case .flood:
            send(reply.bytes)
            flood()
        }
    }

    private func drip(_ bytes: ArraySlice<UInt8>) {
        guard !isClosed, let first = bytes.first else { return }
        send([first])
        timer = loop.schedule(after: .milliseconds(200)) { [weak self] in self?.drip(bytes.dropFirst()) }
    }

    private func flood() {
        guard !isClosed else { return }
        send([UInt8](repeating: UInt8(ascii: "x"), count: 256 << 10))
        timer = loop.schedule(after: .milliseconds(2)) { [weak self] in self?.flood() }
    }

    private func send(_ bytes: [UInt8]) {
        if let stream { return stream.send(bytes) }
        var rest = bytes[...]
        // On loopback to a client that reads, a full socket empties at once; a flood may lose bytes.
        var patience = 200
        while descriptor >= 0, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN, patience > 0 {
                patience -= 1
                usleep(500)
            } else {
                return close()
            }
        }
    }
}
