import Testing
import VideoParsing

@testable import Camera
@testable import Simulator

@Suite("A simulated RTSP camera", .timeLimit(.minutes(2)))
struct RTSPCameraTests {
    @Test(arguments: [5.0, 15, 30])
    func `its rate and size are what it sends`(rate: Double) async throws {
        let camera = try await CameraStand(rtsp: true, rate: rate)
        let look = try await Look.steady(
            Look.rtsp(port: camera.port), port: camera.port, window: .seconds(3), rate: rate)
        #expect(look.error == nil)
        #expect(isNear(look.tally.framesPerSecond, rate), "\(look.tally)")
        #expect(look.tally.size == PictureSize(width: 1280, height: 720))
        #expect(look.tally.isFrozen == nil)
    }

    @Test(arguments: [
        (Fault.Kind.cameraOff, ProbeError.refused("nothing listens there (Connection refused)")),
        (.cameraBusy, .busy("it answered DESCRIBE with 453")),
        (.cameraRefuse, .authentication),
        (.cameraMute, .timedOut("an answer")),
        (.cameraDribble, .timedOut("an answer")),
        (.cameraStall, .timedOut("the next picture")),
    ])
    func `a fault ends the look in its reason, and the next look works`(
        fault: Fault.Kind, error: ProbeError
    ) async throws {
        let camera = try await CameraStand(rtsp: true, rate: 10)
        await camera.set(fault, true)
        let look = try await Look(Look.rtsp(port: camera.port), port: camera.port, window: .seconds(4))
        #expect(look.error == error)
        await camera.set(fault, false)
        let next = try await Look(Look.rtsp(port: camera.port), port: camera.port, window: .seconds(1))
        #expect(next.error == nil)
        #expect(next.tally.frames > 1)
    }
}
