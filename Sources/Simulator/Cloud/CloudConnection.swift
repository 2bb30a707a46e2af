import HTTP
import Reactor

/// One connection to the simulated account's server. Confined to its loop's thread.
final class CloudConnection {
    /// Bytes that a flood leaves unsent at the most.
    private static let unsentLimit = 4 << 20

    private let loop: EventLoop
    private let account: SimulatedAccount
    private var stream: ServedStream?
    private var parser = RequestParser(bodyLimit: 64 << 10)
    /// The request whose body is coming in.
    private var request: Request?
    private var timer: TimerQueue.Token?
    private let onEnd: (CloudConnection) -> Void

    /// Takes over an accepted connection.
    init(
        loop: EventLoop, account: SimulatedAccount, descriptor: Int32, tls: ServerTLS?,
        onEnd: @escaping (CloudConnection) -> Void
    ) throws {
        self.loop = loop
        self.account = account
        self.onEnd = onEnd
        stream = try ServedStream(loop: loop, descriptor: descriptor, tls: tls) { [weak self] event in
            switch event {
            case .secured: break
            case .received(let bytes): self?.receive(bytes)
            case .closed: self?.close()
            }
        }
    }

    func close() {
        guard let stream else { return }
        self.stream = nil
        if let timer { loop.cancel(timer) }
        stream.close()
        onEnd(self)
    }

    private func receive(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { parser.append($0) }
        do {
            while stream != nil, let head = try request ?? parser.next() {
                request = head
                guard let body = parser.takeBody(of: head) else { return }
                request = nil
                reply(account.answer(CloudMessage(head, body: body)))
            }
        } catch {
            close()
        }
    }

    private func reply(_ reply: CloudReply) {
        switch reply.manner {
        case .whole: stream?.send(reply.bytes)
        case .mute: break
        case .cut: close()
        case .drip: stream?.drip(reply.bytes, every: .milliseconds(200))
        case .flood:
            stream?.send(reply.bytes)
            flood()
        }
    }

    private func flood() {
        guard let stream else { return }
        if stream.unsent < Self.unsentLimit { stream.send([UInt8](repeating: UInt8(ascii: "x"), count: 256 << 10)) }
        timer = loop.schedule(after: .milliseconds(2)) { [weak self] in self?.flood() }
    }
}
