import CCurl
import Glibc
import Platform
package import Reactor
package import TLS

/// Sends requests to the account's servers, each with a deadline and a limit of its response.
///
/// Confined to the loop's thread. Redirects are not followed; cookies, responses and connections are not kept. The
/// proxy of the environment (`https_proxy`, `no_proxy`) is used.
package final class CloudClient {
    /// The base URL of each kind of host, such as `https://api.bambulab.com`, without a trailing slash.
    package struct Hosts: Sendable, Equatable {
        package var api: String
        package var site: String

        package init(api: String, site: String) {
            self.api = api
            self.site = site
        }
    }

    package typealias Done = (Result<CloudResponse, CloudFailure>) -> Void

    private struct Pending {
        let done: Done
        var timer: TimerQueue.Token?
        var lookup: Resolver.Ticket?
    }

    package static let defaultLibrary = "libcurl.so.4"

    /// The maximum size of a response, in bytes.
    package static let limit = 8 << 20

    private let loop: EventLoop
    private let resolver: Resolver
    private let hosts: Hosts
    private let userAgent: String
    private let deadline: Duration
    private let library: String
    private let authorities: TrustStore?
    private var transfers: Transfers?
    private var pending: [UInt64: Pending] = [:]
    private var lastNumber: UInt64 = 0

    /// - Parameters:
    ///   - deadline: The limit of a request, from the name lookup to the last byte.
    ///   - library: The name of libcurl; loaded by the first request.
    ///   - authorities: Verify the servers; if `nil`, libcurl reads the system's, which may block the event loop.
    package init(
        on loop: EventLoop, resolver: Resolver, hosts: Hosts, userAgent: String, deadline: Duration = .seconds(15),
        library: String = CloudClient.defaultLibrary, authorities: TrustStore?
    ) {
        self.loop = loop
        self.resolver = resolver
        self.hosts = hosts
        self.userAgent = userAgent
        self.deadline = deadline
        self.library = library
        self.authorities = authorities
    }

    /// Loads libcurl in advance, so that the first request does not block the event loop.
    ///
    /// Blocks. If the library is missing, each request reports that.
    package static func preload() {
        _ = ccurl_load(defaultLibrary)
    }

    /// Cancels every request without calling its `done`.
    package func close() {
        for number in Array(pending.keys) { _ = remove(number) }
        transfers?.close()
        transfers = nil
    }

    /// - Parameter done: Called once on the loop's thread, after this call has returned.
    package func send(_ request: CloudRequest, _ done: @escaping Done) {
        lastNumber += 1
        let number = lastNumber
        pending[number] = Pending(done: done)
        pending[number]?.timer = loop.schedule(after: deadline) { [weak self] in
            self?.finish(number, .failure(CloudFailure(.timeout, "no answer in time")))
        }
        do throws(CloudFailure) {
            let target = try Target(request, hosts)
            let transfers = try loaded()
            guard !Self.usesProxy else { return try start(request, number, target, [], in: transfers) }
            pending[number]?.lookup = resolver.resolve(target.host, port: target.port) { [weak self] addresses in
                self?.resolved(addresses, request, number, target)
            }
        } catch {
            loop.schedule(after: .zero) { [weak self] in self?.finish(number, .failure(error)) }
        }
    }

    /// Whether the environment names a proxy. It looks up the host names of requests, which this machine may be unable to
    /// resolve.
    private static var usesProxy: Bool {
        let names: [String] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"]
        return names.contains { name in getenv(name).map { $0.pointee != 0 } ?? false }
    }

    private func loaded() throws(CloudFailure) -> Transfers {
        if let transfers { return transfers }
        let transfers = try Transfers(on: loop, library: library, authorities: authorities) {
            [weak self] number, result in
            self?.finish(number, result)
        }
        self.transfers = transfers
        return transfers
    }

    private func resolved(
        _ addresses: [SocketAddress], _ request: CloudRequest, _ number: UInt64, _ target: Target
    ) {
        guard pending[number] != nil, let transfers else { return }
        pending[number]?.lookup = nil
        do throws(CloudFailure) {
            guard !addresses.isEmpty else { throw CloudFailure(.network, "no address is known for the host") }
            try start(request, number, target, addresses, in: transfers)
        } catch {
            finish(number, .failure(error))
        }
    }

    private func start(
        _ request: CloudRequest, _ number: UInt64, _ target: Target, _ addresses: [SocketAddress],
        in transfers: Transfers
    ) throws(CloudFailure) {
        var headers = [Secret("User-Agent: \(userAgent)"), Secret("Accept: application/json")]
        if let token = request.token { headers.append(Secret("Authorization: Bearer \(token.revealed)")) }
        for (name, value) in request.headers { headers.append(Secret("\(name): \(value.revealed)")) }
        // libcurl would wait for "100 Continue" before a longer body.
        if request.body != nil { headers += [Secret("Content-Type: application/json"), Secret("Expect:")] }
        guard headers.allSatisfy({ !$0.revealed.utf8.contains { $0 < 0x20 || $0 == 0x7F } }) else {
            throw CloudFailure(.network, "a header field contains a control character")
        }
        try transfers.start(
            number, request.method, target, headers: headers, body: request.body, addresses: addresses)
    }

    private func remove(_ number: UInt64) -> Pending? {
        guard let taken = pending.removeValue(forKey: number) else { return nil }
        if let timer = taken.timer { loop.cancel(timer) }
        if let lookup = taken.lookup { resolver.forget(lookup) }
        transfers?.end(number)
        return taken
    }

    private func finish(_ number: UInt64, _ result: Result<CloudResponse, CloudFailure>) {
        remove(number)?.done(result)
    }
}
