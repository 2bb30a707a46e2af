import TLS
import Testing
import VideoParsing

@testable import Camera

/// Tests against an independent server, GStreamer's.
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
    func `measures rate and dimensions of the stream`(stream: Stream) async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key,
            [
                "--rate=\(Int(stream.rate))", "--size=\(stream.size)", "--auth=\(stream.authentication)",
            ])
        let run = try await ProbeRun.steady(
            ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(4), rate: stream.rate)
        #expect(run.error == nil)
        #expect(isNear(run.statistics.framesPerSecond, stream.rate), "\(run.statistics)")
        #expect(run.statistics.size.map { "\($0.width)x\($0.height)" } == stream.size)
        #expect(run.statistics.isFrozen == nil)
    }

    @Test func `counts frames of an H265 stream`() async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key, ["--rate=15", "--codec=h265"])
        let run = try await ProbeRun(ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(4))
        #expect(run.error == nil)
        // The encoder starts late and then catches up, so only the number of frames is checked, not the rate.
        #expect(run.statistics.frames > 15)
        #expect(run.statistics.size == PictureSize(width: 1280, height: 720))
    }

    @Test func `rejects a wrong code, and the next probe succeeds`() async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key, ["--rate=15"])
        let wrong = try await ProbeRun(
            ProbeRun.rtsp(port: server.port), port: server.port, code: "00000000", window: .seconds(2))
        #expect(wrong.error == .authentication)
        let right = try await ProbeRun(ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(2))
        #expect(right.error == nil)
        #expect(right.statistics.frames > 1)
    }

    @Test func `rejects another serial number before sending the code`() async throws {
        let server = try await RealRTSPServer(
            serial: "01P00A000000009", password: ProbeRun.code, key: ProbeRun.key, ["--rate=15"])
        let run = try await ProbeRun(ProbeRun.rtsp(port: server.port), port: server.port, window: .seconds(2))
        #expect(run.error == .certificate(.wrongName(found: "01P00A000000009", wanted: ProbeRun.serial)))
    }

    @Test func `an unknown path is reported`() async throws {
        let server = try await RealRTSPServer(
            serial: ProbeRun.serial, password: ProbeRun.code, key: ProbeRun.key, ["--rate=15"])
        let run = try await ProbeRun(
            .rtsp(url: "rtsps://127.0.0.1:\(server.port)/elsewhere"), port: server.port, window: .seconds(2))
        #expect(run.error == .violation("it answered DESCRIBE with 404"))
    }
}
