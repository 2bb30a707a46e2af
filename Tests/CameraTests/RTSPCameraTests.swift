import Testing
import VideoParsing

@testable import Camera
@testable import Simulator

@Suite("A simulated RTSP camera", .timeLimit(.minutes(2)))
struct RTSPCameraTests {
    @Test(arguments: [5.0, 15, 30])
    func `measures rate and dimensions of the frames`(rate: Double) async throws {
        let camera = try await StandaloneCameras(rtsp: true, rate: rate)
        let run = try await ProbeRun.steady(
            ProbeRun.rtsp(port: camera.port), port: camera.port, window: .seconds(3), rate: rate)
        #expect(run.error == nil)
        #expect(isNear(run.statistics.framesPerSecond, rate), "\(run.statistics)")
        #expect(run.statistics.size == PictureSize(width: 1280, height: 720))
        #expect(run.statistics.isFrozen == nil)
    }

    @Test(arguments: [
        (Fault.Kind.cameraOff, ProbeError.refused("nothing listens there (Connection refused)")),
        (.cameraBusy, .violation("it answered DESCRIBE with 453")),
        (.cameraClose, .gaveUp("it closed the connection instead of answering OPTIONS")),
        (.cameraRefuse, .authentication),
        (.cameraMute, .timedOut("an answer")),
        (.cameraDribble, .timedOut("an answer")),
        (.cameraStall, .timedOut("the next frame")),
    ])
    func `a fault is reported, and the next probe succeeds`(
        fault: Fault.Kind, error: ProbeError
    ) async throws {
        let camera = try await StandaloneCameras(rtsp: true, rate: 10)
        await camera.set(fault, true)
        let run = try await ProbeRun(ProbeRun.rtsp(port: camera.port), port: camera.port, window: .seconds(4))
        #expect(run.error == error)
        await camera.set(fault, false)
        let next = try await ProbeRun(ProbeRun.rtsp(port: camera.port), port: camera.port, window: .seconds(1))
        #expect(next.error == nil)
        #expect(next.statistics.frames > 1)
    }
}
