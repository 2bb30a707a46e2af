import Foundation
import Platform
import Reactor

@testable import Exporter
@testable import Simulator

/// A resolver on its own event loop with simulated name servers.
///
/// All names have one address, except that names with the prefix `mute` have none. Lookups of `mute` and `late` names
/// block until `endSilence`.
final class ResolverHarness: Sendable {
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

    /// The looked-up names in order.
    var lookups: [String] { asked.withLock { $0 } }

    /// The results, such as `garage: 192.0.2.7:8883`.
    var answers: [String] { answered.withLock { $0 } }

    /// Starts a lookup and returns at once.
    ///
    /// - Parameter givesUp: whether the caller cancels the lookup at once.
    func resolve(_ host: String, port: UInt16 = 8883, givesUp: Bool = false) {
        thread.loop.perform { [resolver, answered] in
            let ticket = resolver.value?.resolve(host, port: port) { addresses in
                answered.withLock { $0.append("\(host): \(addresses.map(\.text).joined(separator: ", "))") }
            }
            if givesUp, let ticket { resolver.value?.forget(ticket) }
        }
    }

    /// Lets this many blocked or future lookups finish.
    func endSilence(lookups: Int) {
        for _ in 0..<lookups { silence.signal() }
    }
}
