import Platform
import Reactor
import Simulator
import TLS
import Testing

@testable import Camera

/// The result of one probe of a camera on loopback, on an event loop of its own.
struct ProbeRun: Sendable {
    let statistics: FrameStatistics
    let error: ProbeError?
    /// The time from the start of the probe to its end.
    let duration: Duration
    let pictures: [[UInt8]]

    /// The protocol of the camera.
    enum Camera {
        case jpeg
        case rtsp(url: String)
    }

    static let serial = "00M00A000000001"
    static let code = "12345678"
    /// Shared, because creating a key takes 0.1 s or more.
    static let key: PrivateKey = {
        do { return try PrivateKey() } catch { fatalError("\(error)") }
    }()

    /// Probes a camera and waits for the end of the probe.
    init(
        _ camera: Camera, port: UInt16, code: String = ProbeRun.code, serial: String = ProbeRun.serial,
        window: Duration?, trust: CertificatePolicy = .firstUse(known: nil), pictures wanted: Int = 0
    ) async throws {
        let thread = try LoopThread()
        defer { thread.end() }
        let address = try SocketAddress(numeric: "127.0.0.1", port: port)
        let loop = thread.loop
        let start = Instant.now()
        let (statistics, error, pictures) = await withCheckedContinuation {
            (continuation: CheckedContinuation<(FrameStatistics, ProbeError?, [[UInt8]]), Never>) in
            loop.perform {
                Self.start(loop, address, window, camera, Secret(code), serial, trust, wanted) {
                    continuation.resume(returning: $0)
                }
            }
        }
        duration = Instant.now() - start
        self.statistics = statistics
        self.error = error
        self.pictures = pictures
    }

    private static func start(
        _ loop: EventLoop, _ address: SocketAddress, _ window: Duration?, _ camera: Camera, _ code: Secret,
        _ serial: String,
        _ trust: CertificatePolicy,
        _ wanted: Int,
        _ done: @escaping ((FrameStatistics, ProbeError?, [[UInt8]])) -> Void
    ) {
        var pictures: [[UInt8]] = []
        var probe: Probe?
        do {
            let tls = try TLSContext(name: serial, trust: trust, peer: .printer)
            func append(_ picture: [UInt8]) {
                pictures.append(picture)
                guard pictures.count == wanted, let running = probe else { return }
                probe = nil
                running.cancel()
                done((FrameStatistics(), nil, pictures))
            }
            let decoder: any CameraStreamDecoder =
                switch camera {
                case .jpeg: JPEGStreamDecoder(accessCode: code, onFrame: wanted > 0 ? { append($0) } : nil)
                case .rtsp(let url): RTSPStreamDecoder(url: url, accessCode: code)
                }
            probe = Probe(loop: loop, address: address, window: window, decoder: decoder, tls: tls) { event in
                guard case .ended(let statistics, let error) = event else { return }
                probe = nil
                done((statistics, error, pictures))
            }
            probe?.start()
        } catch {
            done((FrameStatistics(), .tls("\(error)"), []))
        }
    }

    /// Probes at most three times, until the rate is near `rate`.
    ///
    /// The simulated camera is late on a busy machine.
    static func steady(
        _ camera: Camera, port: UInt16, window: Duration, rate: Double
    ) async throws -> ProbeRun {
        var run = try await ProbeRun(camera, port: port, window: window)
        for _ in 0..<2 where !isNear(run.statistics.framesPerSecond, rate) {
            run = try await ProbeRun(camera, port: port, window: window)
        }
        return run
    }

    static func rtsp(port: UInt16) -> Camera {
        .rtsp(url: "rtsps://127.0.0.1:\(port)/streaming/live/1")
    }
}

/// Whether a rate is within 5 % of the expected one.
func isNear(_ rate: Double?, _ wanted: Double) -> Bool {
    rate.map { abs($0 - wanted) <= wanted * 0.05 } ?? false
}
