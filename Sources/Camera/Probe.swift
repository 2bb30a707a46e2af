package import Reactor

/// Probes a camera once: connects, counts frames for a while, and closes at once.
///
/// It is driven by an `EventLoop`, confined to its thread, and not used again. Every step has a deadline. The decoder
/// alone knows the camera's protocol.
package final class Probe {
    /// What to probe, and for how long.
    package struct Target: Sendable {
        package var address: SocketAddress
        /// The length of the probe, from the moment at which only frames are missing; `nil` for no end.
        package var window: Duration?
        /// The limit for connecting and the TLS handshake together.
        package var connectLimit: Duration

        package init(
            address: SocketAddress, window: Duration?, connectLimit: Duration = Probe.connectLimit
        ) {
            self.address = address
            self.window = window
            self.connectLimit = connectLimit
        }
    }

    package enum Event {
        /// The TLS handshake is done and the peer accepted; the code has not been sent.
        case secured(PeerCertificate)
        /// The probe ended, with its result and its error. It is the last event. After `cancel` no event follows.
        case ended(FrameStatistics, ProbeError?)
    }

    /// How long connecting and the TLS handshake may take together, as a rule.
    package static let connectLimit = Duration.seconds(10)
    /// The time between two keep-alive messages. live555, which printers use, ends a session after a minute without one.
    private static let keepAliveInterval = Duration.seconds(5)
    /// How long one answer may take.
    private static let answerLimit = Duration.seconds(5)
    /// How long all answers may take together, however many bytes come meanwhile.
    private static let requestsLimit = Duration.seconds(15)
    /// How long one picture may take where no window ends, however many bytes come meanwhile.
    private static let frameLimit = Duration.seconds(10)
    /// How long nothing may come of a camera whose pace is not known yet, or is slow.
    private static let longestSilence = Duration.seconds(5)
    /// How long nothing may come of a fast one: as long as a Wi-Fi may stumble.
    private static let shortestSilence = Duration.seconds(2)

    private let loop: EventLoop
    private let target: Target
    private let tls: TLSContext
    private let onEvent: (Event) -> Void
    private var decoder: any CameraStreamDecoder
    private var stream: TLSStream?
    private var deadline: TimerQueue.Token?
    private var windowEnd: TimerQueue.Token?
    private var keepAlive: TimerQueue.Token?
    private var lastByte: Instant
    /// When requests began, and then when pictures did.
    private var phaseStart: Instant
    private var isSecured = false
    private var isOver = false

    /// Prepares a probe; `start` begins it.
    package init(
        loop: EventLoop, target: Target, decoder: any CameraStreamDecoder, tls: TLSContext,
        onEvent: @escaping (Event) -> Void
    ) {
        self.loop = loop
        self.target = target
        self.tls = tls
        self.onEvent = onEvent
        lastByte = loop.now
        phaseStart = loop.now
        self.decoder = decoder
    }

    package func start() {
        let stream = TLSStream(loop: loop, tls: tls) { [weak self] in self?.receive($0) }
        self.stream = stream
        deadline = loop.schedule(after: target.connectLimit) { [weak self] in
            guard let self else { return }
            end(stream.stage == .handshake ? decoder.errorOfMuteHandshake() : .timedOut(stream.stage.rawValue))
        }
        stream.open(target.address)
    }

    /// Closes without a further event.
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

    /// Requests begin, or pictures.
    private func begin() {
        phaseStart = loop.now
        if decoder.isStreaming, let window = target.window {
            windowEnd = loop.schedule(after: window) { [weak self] in self?.endWindow() }
        }
        if decoder.isStreaming { keepUp() }
        watch()
    }

    private func keepUp() {
        keepAlive = loop.schedule(after: Self.keepAliveInterval) { [weak self] in
            guard let self else { return }
            let bytes = decoder.keepAlive()
            if !bytes.isEmpty { stream?.send(bytes) }
            if !isOver { keepUp() }
        }
    }

    private func watch() {
        if let deadline { loop.cancel(deadline) }
        deadline = loop.schedule(at: due) { [weak self] in self?.checkProgress() }
    }

    /// When it is over if nothing more comes. Silence ends each step; a peer that sends a byte now and then is never
    /// silent, so something whole must come in time as well. A window is such an end.
    private var due: Instant {
        let silent = lastByte + silenceLimit
        guard decoder.isStreaming else { return min(silent, phaseStart + Self.requestsLimit) }
        guard target.window == nil else { return silent }
        return min(silent, (decoder.statistics.lastFrame ?? phaseStart) + Self.frameLimit)
    }

    /// Bytes came since the deadline was set, as a rule; then it holds from the last of them.
    private func checkProgress() {
        guard loop.now >= due else { return watch() }
        guard decoder.isStreaming else { return end(.timedOut("an answer")) }
        // A camera that has just been asked may need the whole window for its first picture.
        guard decoder.statistics.frames > 0 || target.window == nil else { return }
        end(missingFrame)
    }

    private var missingFrame: ProbeError {
        .timedOut(decoder.statistics.frames == 0 ? "the first frame" : "the next frame")
    }

    /// How long nothing may come: four times from one frame to the next, within bounds.
    private var silenceLimit: Duration {
        guard decoder.isStreaming else { return Self.answerLimit }
        guard let rate = decoder.statistics.framesPerSecond else { return Self.longestSilence }
        return min(max(.seconds(4 / rate), Self.shortestSilence), Self.longestSilence)
    }

    private func endWindow() {
        // The deadline was set when the pace was not known yet; by the pace it may be over.
        let isSilent = loop.now - lastByte >= silenceLimit
        end(decoder.statistics.frames == 0 || isSilent ? missingFrame : nil)
    }

    /// What it means that the stream ended so.
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
        for timer in [deadline, windowEnd, keepAlive] { if let timer { loop.cancel(timer) } }
    }
}
