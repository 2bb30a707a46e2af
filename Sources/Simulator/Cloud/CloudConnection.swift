import HTTP
import Reactor

/// A connection to the server of the simulated account. Confined to its loop's thread.
final class CloudConnection: ServedConnection {
    private let account: SimulatedAccount
    private var parser = RequestParser(bodyLimit: 64 << 10)
    private var request: Request?

    init(loop: EventLoop, descriptor: Int32, tls: ServerTLS?, account: SimulatedAccount) throws {
        self.account = account
        try super.init(loop: loop, descriptor: descriptor, tls: tls)
    }

    override func receive(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { parser.append($0) }
        do {
            while isOpen, let head = try request ?? parser.next() {
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
        switch reply.delivery {
        case .whole: send(reply.bytes)
        case .mute: break
        case .cut: close()
        case .drip: drip(reply.bytes, every: .milliseconds(200))
        case .flood:
            send(reply.bytes)
            flood()
        }
    }

    private func flood() {
        guard isOpen else { return }
        if !isCongested { send([UInt8](repeating: UInt8(ascii: "x"), count: 256 << 10)) }
        timer = loop.schedule(after: .milliseconds(2)) { [weak self] in self?.flood() }
    }
}
