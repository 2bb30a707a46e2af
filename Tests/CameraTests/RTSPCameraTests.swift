import Testing
import VideoParsing

@testable import Camera
@testable import Simulator

@Suite("A simulated RTSP camera", .timeLimit(.minutes(2)))
struct RTSPCameraTests {
    @Test(arguments: [5.0, 15, 30])
    func `its rate and size are what it sends`(rate: Double) async throws {
        let camera = try await StandaloneCameras(rtsp: true, rate: rate)
        let look = try await ProbeRun.steady(
            ProbeRun.rtsp(port: camera.port), port: camera.port, window: .seconds(3), rate: rate)
        #expect(look.error == nil)
        #expect(isNear(look.statistics.framesPerSecond, rate), "\(look.statistics)")
        #expect(look.statistics.size == PictureSize(width: 1280, height: 720))
        #expect(look.statistics.isFrozen == nil)
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
    func `a fault ends the look in its reason, and the next look works`(
        fault: Fault.Kind, error: ProbeError
    ) async throws {
        let camera = try await StandaloneCameras(rtsp: true, rate: 10)
        await camera.set(fault, true)
        let look = try await ProbeRun(ProbeRun.rtsp(port: camera.port), port: camera.port, window: .seconds(4))
        #expect(look.error == error)
        await camera.set(fault, false)
        let next = try await ProbeRun(ProbeRun.rtsp(port: camera.port), port: camera.port, window: .seconds(1))
        #expect(next.error == nil)
        #expect(next.statistics.frames > 1)
    }
}
