import Reactor
import Testing
import VideoParsing

@testable import Camera

/// A server that is not ours: GStreamer's.
@Suite("A real RTSP server", .serialized)
struct RealServerTests {
    struct Stream: Sendable, CustomTestStringConvertible {
        let rate: Double
        let size: String
        var authentication = "digest"
        var testDescription: String { "\(size) at \(rate), \(authentication)" }
    }

    @Test(arguments: [
        Stream(rate: 5, size: "1280x720"), Stream(rate: 15, size: "1280x720"), Stream(rate: 30, size: "1280x720"),
        Stream(rate: 5, size: "1920x1080"), Stream(rate: 15, size: "1920x1080"), Stream(rate: 30, size: "1920x1080"),
        Stream(rate: 15, size: "1280x720", authentication: "basic"),
    ])
    func `its rate and size are what it was told to serve`(stream: Stream) async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key,
            [
                "--rate=\(Int(stream.rate))", "--size=\(stream.size)", "--auth=\(stream.authentication)",
            ])
        let look = try await ProbeRun.steady(
            ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(4), rate: stream.rate)
        #expect(look.error == nil)
        #expect(isNear(look.statistics.framesPerSecond, stream.rate), "\(look.statistics)")
        #expect(look.statistics.size.map { "\($0.width)x\($0.height)" } == stream.size)
        #expect(look.statistics.isFrozen == nil)
    }

    @Test func `H265 is counted too`() async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key, ["--rate=15", "--codec=h265"])
        let look = try await ProbeRun(ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(4))
        #expect(look.error == nil)
        // Its encoder starts late and then makes up for it: what is counted is pictures, not a pace.
        #expect(look.statistics.frames > 15)
        #expect(look.statistics.size == PictureSize(width: 1280, height: 720))
    }

    @Test func `a wrong code is refused, and the next look works`() async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key, ["--rate=15"])
        let wrong = try await ProbeRun(
            ProbeRun.rtsp(port: server.port), port: server.port, code: "00000000", window: .seconds(2))
        #expect(wrong.error == .authentication)
        let right = try await ProbeRun(ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(2))
        #expect(right.error == nil)
        #expect(right.statistics.frames > 1)
    }

    @Test func `a certificate of another serial number is refused before the code is sent`() async throws {
        let server = try await RealRTSPServer(
            serial: "01P00A000000009", password: ProbeRun.code, key: ProbeRun.key, ["--rate=15"])
        let look = try await ProbeRun(ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(2))
        #expect(look.error == .certificate(.wrongName(found: "01P00A000000009", wanted: ProbeRun.serial)))
    }

    @Test func `a path that the server does not have is told`() async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key, ["--rate=15"])
        let look = try await ProbeRun(
            .rtsp(url: "rtsps://127.0.0.1:\(server.port)/elsewhere"), port: server.port, window: .seconds(2))
        #expect(look.error == .violation("it answered DESCRIBE with 404"))
    }
}
