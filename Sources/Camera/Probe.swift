package import Reactor

/// One look at a camera: connects, counts what comes for a while, and closes at once.
///
/// It is driven by an `EventLoop`, confined to its thread, and not used again. Every step has a deadline.
package final class Probe {
    /// What a camera speaks.
    package enum Language: Sendable, Equatable {
        case jpeg
        /// RTSP, at this address, which names neither user nor code.
        case rtsp(url: String)
    }

    /// What to look at, and for how long.
    package struct Target: Sendable {
        package var address: SocketAddress
        package var language: Language
        package var accessCode: Secret
        /// How long to look, from the moment when pictures are all that is missing; `nil` for no end.
        package var window: Duration?
        /// How long connecting and the TLS handshake may take together.
        package var connectLimit: Duration

        package init(
            address: SocketAddress, language: Language, accessCode: Secret, window: Duration?,
            connectLimit: Duration = Probe.connectLimit
        ) {
            self.address = address
            self.language = language
            self.accessCode = accessCode
            self.window = window
            self.connectLimit = connectLimit
        }
    }

    package enum Event {
        /// The TLS handshake is done and the peer accepted; the code has not been sent.
        case secured(PeerCertificate)
        /// One whole JPEG picture, where they were asked for.
        case picture([UInt8])
        /// The end, said once, unless `cancel` was called: what was seen, and what went wrong.
        case ended(FrameTally, ProbeError?)
    }

    /// How long connecting and the TLS handshake may take together, as a rule.
    package static let connectLimit = Duration.seconds(10)
    /// How long one answer may take.
    private static let answerLimit = Duration.seconds(5)
    /// How long all answers may take together, however many bytes come meanwhile.
    private static let requestsLimit = Duration.seconds(15)
    /// How long one picture may take where no window ends, however many bytes come meanwhile.
    private static let pictureLimit = Duration.seconds(10)
    /// How long nothing may come of a camera whose pace is not known yet, or is slow.
    private static let longestSilence = Duration.seconds(5)
    /// How long nothing may come of a fast one: as long as a Wi-Fi may stumble.
    private static let shortestSilence = Duration.seconds(2)

    private let loop: EventLoop
    private let target: Target
    private let tls: TLSContext
    private let onEvent: (Event) -> Void
    private var reader: any StreamReader
    private var stream: TLSStream?
    private var deadline: TimerQueue.Token?
    private var windowEnd: TimerQueue.Token?
    private var lastByte: Instant
    /// When requests began, and then when pictures did.
    private var phaseStart: Instant
    private var isOver = false

    /// Prepares a look; `start` begins it.
    ///
    /// - Parameter keepsPictures: whether JPEG pictures are handed out.
    package init(
        loop: EventLoop, target: Target, tls: TLSContext, keepsPictures: Bool = false,
        onEvent: @escaping (Event) -> Void
    ) {
        self.loop = loop
        self.target = target
        self.tls = tls
        self.onEvent = onEvent
        lastByte = loop.now
        phaseStart = loop.now
        switch target.language {
        case .jpeg:
            reader = JPEGReader(
                accessCode: target.accessCode, onPicture: keepsPictures ? { onEvent(.picture($0)) } : nil)
        case .rtsp(let url): reader = RTSPReader(url: url, accessCode: target.accessCode)
        }
    }

    package func start() {
        let stream = TLSStream(loop: loop, tls: tls) { [weak self] in self?.receive($0) }
        self.stream = stream
        deadline = loop.schedule(after: target.connectLimit) { [weak self] in
            self?.end(.timedOut(stream.stage.rawValue))
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
            if let certificate { onEvent(.secured(certificate)) }
            guard !isOver else { return }
            stream?.send(reader.opening())
            lastByte = loop.now
            begin()
        case .received(let bytes): receive(bytes)
        case .closed(let reason): end(error(of: reason))
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        lastByte = loop.now
        let wasStreaming = reader.isStreaming
        do throws(ProbeError) {
            let answer = try reader.receive(bytes, at: loop.now)
            guard !isOver else { return }
            if !answer.isEmpty { stream?.send(answer) }
            if reader.isStreaming, !wasStreaming { begin() }
        } catch {
            end(error)
        }
    }

    /// Requests begin, or pictures.
    private func begin() {
        phaseStart = loop.now
        if reader.isStreaming, let window = target.window {
            windowEnd = loop.schedule(after: window) { [weak self] in self?.endWindow() }
        }
        watch()
    }

    private func watch() {
        if let deadline { loop.cancel(deadline) }
        deadline = loop.schedule(at: due) { [weak self] in self?.checkProgress() }
    }

    /// When it is over if nothing more comes. Silence ends each step; a peer that sends a byte now and then is never
    /// silent, so something whole must come in time as well. A window is such an end.
    private var due: Instant {
        let silent = lastByte + silenceLimit
        guard reader.isStreaming else { return min(silent, phaseStart + Self.requestsLimit) }
        guard target.window == nil else { return silent }
        return min(silent, (reader.tally.lastFrame ?? phaseStart) + Self.pictureLimit)
    }

    /// Bytes came since the deadline was set, as a rule; then it holds from the last of them.
    private func checkProgress() {
        guard loop.now >= due else { return watch() }
        guard reader.isStreaming else { return end(.timedOut("an answer")) }
        // A camera that has just been asked may need the whole window for its first picture.
        guard reader.tally.frames > 0 || target.window == nil else { return }
        end(missingPicture)
    }

    private var missingPicture: ProbeError {
        .timedOut(reader.tally.frames == 0 ? "the first picture" : "the next picture")
    }

    /// How long nothing may come: four times from one frame to the next, within bounds.
    private var silenceLimit: Duration {
        guard reader.isStreaming else { return Self.answerLimit }
        guard let rate = reader.tally.framesPerSecond else { return Self.longestSilence }
        return min(max(.seconds(4 / rate), Self.shortestSilence), Self.longestSilence)
    }

    private func endWindow() {
        // The deadline was set when the pace was not known yet; by the pace it may be over.
        let isSilent = loop.now - lastByte >= silenceLimit
        end(reader.tally.frames == 0 || isSilent ? missingPicture : nil)
    }

    /// What it means that the stream ended so.
    private func error(of reason: TLSStream.End) -> ProbeError? {
        switch reason {
        case .unreachable(let reason): return .refused("nothing listens there (\(reason))")
        case .timedOut: return .timedOut(TLSStream.Stage.connecting.rawValue)
        case .certificate(let problem): return .certificate(problem)
        case .tls(let reason): return .tls(reason)
        case .finished, .broken: break
        }
        // Cameras that serve one viewer turn the next one away before he could say who he is.
        guard reader.hasSentCode else { return .busy("it closed before the code could be sent") }
        guard reader.hasAnswer else { return .authentication }
        guard reader.isBetweenFrames else { return .violation("it closed in the middle of a picture") }
        return reader.tally.frames >= 2 ? nil : .violation("it closed after \(reader.tally.frames) pictures")
    }

    private func end(_ error: ProbeError?) {
        guard !isOver else { return }
        if reader.isStreaming, error == nil { stream?.send(reader.closing()) }
        release()
        onEvent(.ended(reader.tally, error))
    }

    private func release() {
        isOver = true
        stream?.close()
        stream = nil
        for timer in [deadline, windowEnd] { if let timer { loop.cancel(timer) } }
    }
}
