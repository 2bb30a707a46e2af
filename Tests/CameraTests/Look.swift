import Reactor
import Simulator
import Testing

@testable import Camera

/// One look at a camera on loopback, on a loop of its own.
struct Look: Sendable {
    let tally: FrameTally
    let error: ProbeError?
    /// From the start to the end.
    let duration: Duration
    let pictures: [[UInt8]]

    static let serial = "00M00A000000001"
    static let code = "12345678"
    /// Making one takes a tenth of a second and more.
    static let key: PrivateKey = {
        do { return try PrivateKey() } catch { fatalError("\(error)") }
    }()

    /// Looks, and returns when the look has ended.
    init(
        _ language: Probe.Language, port: UInt16, code: String = Look.code, serial: String = Look.serial,
        window: Duration?, trust: Trust = .firstUse(known: nil), pictures wanted: Int = 0
    ) async throws {
        let thread = try LoopThread()
        defer { thread.end() }
        let address = try SocketAddress(numeric: "127.0.0.1", port: port)
        let target = Probe.Target(
            address: address, language: language, accessCode: Secret(code), window: window)
        let loop = thread.loop
        let start = Instant.now()
        let (tally, error, pictures) = await withCheckedContinuation {
            (continuation: CheckedContinuation<(FrameTally, ProbeError?, [[UInt8]]), Never>) in
            loop.perform {
                Self.start(loop, target, serial, trust, wanted) { continuation.resume(returning: $0) }
            }
        }
        duration = Instant.now() - start
        self.tally = tally
        self.error = error
        self.pictures = pictures
    }

    private static func start(
        _ loop: EventLoop, _ target: Probe.Target, _ serial: String, _ trust: Trust, _ wanted: Int,
        _ done: @escaping ((FrameTally, ProbeError?, [[UInt8]])) -> Void
    ) {
        var pictures: [[UInt8]] = []
        var probe: Probe?
        do {
            let tls = try TLSContext(name: serial, trust: trust, peer: .printer)
            probe = Probe(loop: loop, target: target, tls: tls, keepsPictures: wanted > 0) { event in
                switch event {
                case .secured: break
                case .picture(let picture): pictures.append(picture)
                case .ended(let tally, let error):
                    probe = nil
                    done((tally, error, pictures))
                }
                if wanted > 0, pictures.count == wanted, let running = probe {
                    probe = nil
                    running.cancel()
                    done((FrameTally(), nil, pictures))
                }
            }
            probe?.start()
        } catch {
            done((FrameTally(), .tls("\(error)"), []))
        }
    }

    /// Looks until the rate is near `rate`, three times at the most: while other tests and builds keep a machine busy, it is
    /// the camera that is late.
    static func steady(
        _ language: Probe.Language, port: UInt16, window: Duration, rate: Double
    ) async throws -> Look {
        var look = try await Look(language, port: port, window: window)
        for _ in 0..<2 where !isNear(look.tally.framesPerSecond, rate) {
            look = try await Look(language, port: port, window: window)
        }
        return look
    }

    static func rtsp(port: UInt16) -> Probe.Language {
        .rtsp(url: "rtsps://127.0.0.1:\(port)/streaming/live/1")
    }
}

/// Whether a rate is within 5 % of what it should be.
func isNear(_ rate: Double?, _ wanted: Double) -> Bool {
    rate.map { abs($0 - wanted) <= wanted * 0.05 } ?? false
}
