import Foundation
import Reactor

@testable import Exporter
@testable import Simulator

/// A resolver on a loop of its own, and name servers: they know one address of all names, but of those that begin with
/// `mute` none. Of these, and of those that begin with `late`, they say nothing until they are let.
final class ResolverBench: Sendable {
    private let thread: LoopThread
    private let resolver = LoopIsolated<Resolver?>(nil)
    private let asked = Locked<[String]>([])
    private let answered = Locked<[String]>([])
    private let silence = DispatchSemaphore(value: 0)

    init(limit: Int) throws {
        thread = try LoopThread()
        thread.loop.perform { [thread, resolver, asked, silence] in
            resolver.value = Resolver(on: thread.loop, limit: limit) { host in
                asked.withLock { $0.append(host) }
                if host.hasPrefix("mute") || host.hasPrefix("late") { silence.wait() }
                return host.hasPrefix("mute") ? [] : SocketAddress.resolve("192.0.2.7", port: 0)
            }
        }
    }

    deinit {
        endSilence(lookups: 1000)
        thread.loop.perform { [resolver] in resolver.value = nil }
        thread.end()
    }

    /// The names that name servers were asked for, in their order.
    var lookups: [String] { asked.withLock { $0 } }

    /// What came of questions, such as `garage: 192.0.2.7:8883`.
    var answers: [String] { answered.withLock { $0 } }

    /// Asks, and does not wait for the answer.
    ///
    /// - Parameter givesUp: whether who asked does not want to know any more.
    func ask(_ host: String, port: UInt16 = 8883, givesUp: Bool = false) {
        thread.loop.perform { [resolver, answered] in
            let ticket = resolver.value?.resolve(host, port: port) { addresses in
                answered.withLock { $0.append("\(host): \(addresses.map(\.text).joined(separator: ", "))") }
            }
            if givesUp, let ticket { resolver.value?.forget(ticket) }
        }
    }

    /// So many lookups that wait, or will wait, end.
    func endSilence(lookups: Int) {
        for _ in 0..<lookups { silence.signal() }
    }
}
