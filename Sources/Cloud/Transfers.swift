import CCurl
import CShim
import Platform
import Reactor
import TLS

/// Runs transfers of libcurl on an event loop. Confined to the loop's thread.
final class Transfers {
    /// The maximum number of bytes of header and trailer lines.
    private static let headerLimit = 64 << 10
    /// The maximum number of bytes of a connection.
    ///
    /// It covers a response with its framing and TLS records, and bytes that libcurl skips without reporting them.
    private static let wireLimit = Int64(CloudClient.limit + CloudClient.limit / 4)

    private let loop: EventLoop
    private let authorities: TrustStore?
    private let done: (UInt64, Result<CloudResponse, CloudFailure>) -> Void
    private var multi: OpaquePointer?
    private var running: [UInt64: OpaquePointer] = [:]
    private var descriptors: Set<Int32> = []
    private var timer: TimerQueue.Token?

    /// Loads libcurl.
    ///
    /// - Parameter done: Called after libcurl has returned; it must call `end` for the transfer.
    init(
        on loop: EventLoop, library: String, authorities: TrustStore?,
        done: @escaping (UInt64, Result<CloudResponse, CloudFailure>) -> Void
    ) throws(CloudFailure) {
        self.loop = loop
        self.authorities = authorities
        self.done = done
        if let reason = ccurl_load(library) {
            throw CloudFailure(
                .network, "\(library) cannot be loaded (\(String(cString: reason))): install the package libcurl4")
        }
        var events = ccurl_events()
        events.context = Unmanaged.passUnretained(self).toOpaque()
        // Both callbacks change the loop immediately, unlike other callbacks, which only record: libcurl closes a
        // descriptor right after the callback, and its number may be reused within the same call. This is safe, because
        // the loop's functions never call libcurl.
        events.watch = { context, number, descriptor, reads, writes in
            guard let context else { return }
            Unmanaged<Transfers>.fromOpaque(context).takeUnretainedValue().watch(number, descriptor, reads, writes)
        }
        events.schedule = { context, milliseconds in
            guard let context else { return }
            Unmanaged<Transfers>.fromOpaque(context).takeUnretainedValue().schedule(milliseconds)
        }
        multi = ccurl_multi_create(events)
        guard multi != nil else { throw CloudFailure(.network, "libcurl failed to initialize") }
    }

    deinit { close() }

    func close() {
        guard let multi else { return }
        for number in Array(running.keys) { end(number) }
        ccurl_multi_destroy(multi)
        self.multi = nil
        for descriptor in descriptors { loop.unwatch(descriptor) }
        descriptors = []
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    func start(
        _ number: UInt64, _ method: String, _ target: Target, headers: [Secret], body: Secret?,
        addresses: [SocketAddress]
    ) throws(CloudFailure) {
        guard let multi else { throw CloudFailure(.network, "the client is closed") }
        // With "+" libcurl's entries for the addresses expire, as others do.
        let list = addresses.map { $0.host.contains(":") ? "[\($0.host)]" : $0.host }.joined(separator: ",")
        let name = target.host.contains(":") ? "[\(target.host)]" : target.host
        var strings = CStrings()
        defer { strings.wipe() }
        let lines = headers.map { UnsafePointer<CChar>?(strings.add($0.revealed)) }
        var request = ccurl_request()
        request.number = number
        request.url = UnsafePointer(strings.add(target.url))
        request.method = UnsafePointer(strings.add(method))
        request.header_count = lines.count
        if let body {
            request.body = UnsafePointer(strings.add(body.revealed))
            request.body_length = body.revealed.utf8.count
        }
        if !list.isEmpty { request.addresses = UnsafePointer(strings.add("+\(name):\(target.port):\(list)")) }
        request.allows_plain = target.isPlain
        request.header_limit = Self.headerLimit
        request.body_limit = CloudClient.limit
        if let authorities {
            // This object keeps the store until every transfer has ended.
            request.authorities = authorities.address
            request.openssl = UnsafePointer(strings.add(TrustStore.version))
            request.trust = { context, authorities in
                if let context, let authorities { TrustStore.install(authorities, in: context) }
            }
        }
        let handle = lines.withUnsafeBufferPointer { buffer in
            request.headers = buffer.baseAddress
            return ccurl_start(multi, &request)
        }
        guard let handle else { throw CloudFailure(.network, "libcurl rejected the request") }
        running[number] = handle
    }

    /// Ends a transfer that is running or whose result was reported.
    func end(_ number: UInt64) {
        guard let multi, let handle = running.removeValue(forKey: number) else { return }
        ccurl_end(multi, handle)
    }

    private func watch(_ number: UInt64, _ descriptor: Int32, _ reads: Bool, _ writes: Bool) {
        guard reads || writes else {
            descriptors.remove(descriptor)
            return loop.unwatch(descriptor)
        }
        var interest: EventLoop.Interest = []
        if reads { interest.insert(.read) }
        if writes { interest.insert(.write) }
        guard descriptors.insert(descriptor).inserted else { return loop.change(descriptor, to: interest) }
        // If the kernel rejects the descriptor, the deadline ends the transfer.
        try? loop.watch(descriptor, for: interest) { [weak self] in self?.ready(number, descriptor, $0) }
    }

    private func schedule(_ milliseconds: Int) {
        if let timer { loop.cancel(timer) }
        timer =
            milliseconds < 0
            ? nil
            : loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
                guard let self, let multi else { return }
                timer = nil
                ccurl_due(multi)
                reportResults()
            }
    }

    private func ready(_ number: UInt64, _ descriptor: Int32, _ readiness: EventLoop.Readiness) {
        guard let multi else { return }
        if running[number] != nil, shim_bytes_read(descriptor) > Self.wireLimit {
            return done(number, .failure(CloudFailure(.shape, "the response is too long")))
        }
        ccurl_ready(multi, descriptor, readiness.readable, readiness.writable, readiness.broken)
        reportResults()
    }

    /// Reports finished transfers, after libcurl has returned. The callback may close the client.
    private func reportResults() {
        var result = ccurl_result()
        var found: [(UInt64, Result<CloudResponse, CloudFailure>)] = []
        while let multi, ccurl_take(multi, &result) {
            found.append((result.number, Self.result(of: result)))
            end(result.number)
        }
        for (number, outcome) in found { done(number, outcome) }
    }

    private static func result(of result: ccurl_result) -> Result<CloudResponse, CloudFailure> {
        switch result.outcome {
        case CCURL_ANSWERED:
            return .success(
                CloudResponse(
                    status: result.status, lines: text(result.headers, result.headers_length),
                    body: bytes(result.body, result.body_length)))
        case CCURL_NO_HOST: return .failure(CloudFailure(.network, "no address is known for the host"))
        case CCURL_NO_CONNECTION: return .failure(CloudFailure(.network, "cannot connect to the host"))
        case CCURL_LOST: return .failure(CloudFailure(.network, "the connection was lost"))
        case CCURL_TIMEOUT: return .failure(CloudFailure(.timeout, "no answer in time"))
        case CCURL_UNTRUSTED: return .failure(CloudFailure(.network, "the host's certificate is not trusted"))
        case CCURL_TOO_LONG: return .failure(CloudFailure(.shape, "the response is too long"))
        default:
            let reason = result.reason.map { String(cString: $0) } ?? "no reason given"
            return .failure(CloudFailure(.network, String(reason.prefix(200))))
        }
    }

    private static func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: bytes(start, count), as: UTF8.self)
    }
}
