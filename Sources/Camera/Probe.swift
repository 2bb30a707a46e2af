package import Platform
package import Reactor
package import TLS

/// Probes a camera once: connects, counts frames for a while, and closes the connection.
///
/// It is driven by an `EventLoop`, confined to its thread, and not reusable. Every step has a deadline. Only the
/// decoder implements the camera's protocol.
package final class Probe {
    package enum Event {
        /// The TLS handshake is done and the peer accepted; the access code has not been sent.
        case secured(PeerCertificate)
        /// The probe ended, with its result and its error. It is the last event. After `cancel` no event follows.
        case ended(FrameStatistics, ProbeError?)
    }

    /// The default limit for connecting and the TLS handshake together.
    package static let connectLimit = Duration.seconds(10)
    /// The time between two keep-alive messages. live555, which printers use, ends a session after a minute without
    /// one.
    private static let keepAliveInterval = Duration.seconds(5)
    /// The limit for one response.
    private static let answerLimit = Duration.seconds(5)
    /// The limit for all responses together, even if bytes keep arriving.
    private static let requestsLimit = Duration.seconds(15)
    /// The limit for one frame of a probe without a window, even if bytes keep arriving.
    private static let frameLimit = Duration.seconds(10)
    /// The longest silence of a camera whose frame rate is unknown or low.
    private static let longestSilence = Duration.seconds(5)
    /// The longest silence of a camera with a high frame rate, which covers short interruptions of Wi-Fi.
    private static let shortestSilence = Duration.seconds(2)

    private let loop: EventLoop
    private let address: SocketAddress
    private let window: Duration?
    private let connectLimit: Duration
    private let tls: TLSContext
    private let onEvent: (Event) -> Void
    private var decoder: any CameraStreamDecoder
    private var stream: TLSStream?
    private lazy var timer = LazyTimer(loop) { [weak self] in self?.endIfDue() }
    private var windowEnd: TimerQueue.Token?
    private var keepAlive: TimerQueue.Token?
    private var lastByte: Instant
    /// When the current phase began: the connection, the requests, or the frames.
    private var phaseStart: Instant
    private var isSecured = false
    private var isOver = false

    /// - Parameter window: The duration of the probe, from the moment when only frames are awaited; `nil` for no end.
    package init(
        loop: EventLoop, address: SocketAddress, window: Duration?, connectLimit: Duration = Probe.connectLimit,
        decoder: any CameraStreamDecoder, tls: TLSContext, onEvent: @escaping (Event) -> Void
    ) {
        self.loop = loop
        self.address = address
        self.window = window
        self.connectLimit = connectLimit
        self.tls = tls
        self.onEvent = onEvent
        lastByte = loop.now
        phaseStart = loop.now
        self.decoder = decoder
    }

    package func start() {
        let stream = TLSStream(loop: loop, tls: tls) { [weak self] in self?.receive($0) }
        self.stream = stream
        phaseStart = loop.now
        timer.set(deadline)
        stream.open(address)
    }

    /// Closes the connection. No event follows.
    package func cancel() {
        guard !isOver else { return }
        release()
    }

    private func receive(_ event: TLSStream.Event) {
        switch event {
        case .secured(let certificate):
            isSecured = true
            if let certificate { onEvent(.secured(certificate)) }
            guard !isOver else { return }
            stream?.send(decoder.opening())
            lastByte = loop.now
            begin()
        case .received(let bytes): receive(bytes)
        case .closed(let reason): end(error(of: reason))
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        lastByte = loop.now
        let wasStreaming = decoder.isStreaming
        do throws(ProbeError) {
            let answer = try decoder.receive(bytes, at: loop.now)
            guard !isOver else { return }
            if !answer.isEmpty { stream?.send(answer) }
            if decoder.isStreaming, !wasStreaming { begin() }
        } catch {
            end(error)
        }
    }

    /// Begins a phase: the requests, or the frames.
    private func begin() {
        phaseStart = loop.now
        if decoder.isStreaming, let window {
            windowEnd = loop.schedule(after: window) { [weak self] in self?.endWindow() }
        }
        if decoder.isStreaming { sendKeepAlives() }
        timer.set(deadline)
    }

    private func sendKeepAlives() {
        keepAlive = loop.schedule(after: Self.keepAliveInterval) { [weak self] in
            guard let self else { return }
            let bytes = decoder.keepAlive()
            if !bytes.isEmpty { stream?.send(bytes) }
            if !isOver { sendKeepAlives() }
        }
    }

    /// The deadline if nothing more arrives.
    ///
    /// Each step ends after a silence. A peer that sends single bytes is never silent, so there is also a limit for a
    /// complete response or frame; a window is such a limit.
    private var deadline: Instant {
        guard isSecured else { return phaseStart + connectLimit }
        let silent = lastByte + silenceLimit
        guard decoder.isStreaming else { return min(silent, phaseStart + Self.requestsLimit) }
        guard window == nil else { return silent }
        return min(silent, (decoder.statistics.lastFrame ?? phaseStart) + Self.frameLimit)
    }

    /// Ends the probe if the deadline has passed. Usually bytes have arrived since it was set; then it is set again.
    private func endIfDue() {
        guard loop.now >= deadline else { return timer.set(deadline) }
        guard isSecured else { return end(missingHandshake) }
        guard decoder.isStreaming else { return end(.timedOut("an answer")) }
        // A camera may need the whole window for its first frame.
        guard decoder.statistics.frames > 0 || window == nil else { return }
        end(missingFrame)
    }

    private var missingHandshake: ProbeError {
        let stage = stream?.stage ?? .connecting
        return stage == .handshake ? decoder.errorOfMuteHandshake : .timedOut(stage.rawValue)
    }

    private var missingFrame: ProbeError {
        .timedOut(decoder.statistics.frames == 0 ? "the first frame" : "the next frame")
    }

    /// The limit of silence: four times the interval between frames, within bounds.
    private var silenceLimit: Duration {
        guard decoder.isStreaming else { return Self.answerLimit }
        guard let rate = decoder.statistics.framesPerSecond else { return Self.longestSilence }
        return min(max(.seconds(4 / rate), Self.shortestSilence), Self.longestSilence)
    }

    private func endWindow() {
        // The deadline was set before the frame rate was known; by that rate it may have passed already.
        let isSilent = loop.now - lastByte >= silenceLimit
        end(decoder.statistics.frames == 0 || isSilent ? missingFrame : nil)
    }

    private func error(of reason: TLSStream.End) -> ProbeError? {
        switch reason {
        case .unreachable(let reason): return .refused("nothing listens there (\(reason))")
        case .timedOut: return .timedOut(TLSStream.Stage.connecting.rawValue)
        case .certificate(let problem): return .certificate(problem)
        case .tls(let reason): return .tls(reason)
        case .finished, .broken: return decoder.errorOfClose(isSecured: isSecured)
        }
    }

    private func end(_ error: ProbeError?) {
        guard !isOver else { return }
        if decoder.isStreaming, error == nil { stream?.send(decoder.closing()) }
        release()
        onEvent(.ended(decoder.statistics, error))
    }

    private func release() {
        isOver = true
        stream?.close()
        stream = nil
        timer.cancel()
        for timer in [windowEnd, keepAlive] { if let timer { loop.cancel(timer) } }
    }
}
