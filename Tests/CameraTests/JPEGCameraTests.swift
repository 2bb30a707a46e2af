import TLS
import Testing
import VideoParsing

@testable import Camera
@testable import Simulator

@Suite("A JPEG camera", .timeLimit(.minutes(2)))
struct JPEGCameraTests {
    @Test(arguments: [(0.5, 9), (1, 5), (15, 3), (30, 3)])
    func `measures rate, dimensions and bytes of the frames`(rate: Double, seconds: Int) async throws {
        let camera = try await StandaloneCameras(rate: rate)
        let run = try await ProbeRun.steady(.jpeg, port: camera.port, window: .seconds(seconds), rate: rate)
        #expect(run.error == nil)
        #expect(isNear(run.statistics.framesPerSecond, rate), "\(run.statistics)")
        #expect(run.statistics.size == PictureSize(width: 1280, height: 720))
        #expect(run.statistics.bytesPerFrame == 40_000)
        #expect(run.statistics.isFrozen == false)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let fault: Fault.Kind
        let error: ProbeError
        var testDescription: String { fault.rawValue }
    }

    @Test(arguments: [
        Case(fault: .cameraOff, error: .refused("nothing listens there (Connection refused)")),
        Case(fault: .cameraBusy, error: .busy("it accepted the connection and did not answer the TLS handshake")),
        Case(fault: .cameraRefuse, error: .authentication),
        Case(fault: .cameraMute, error: .timedOut("the first frame")),
        Case(fault: .cameraHeader, error: .timedOut("the first frame")),
        Case(fault: .cameraDribble, error: .timedOut("the first frame")),
        Case(fault: .cameraStall, error: .timedOut("the next frame")),
        Case(fault: .cameraTruncate, error: .violation("it closed in the middle of a frame")),
        Case(
            fault: .cameraSize, error: .violation("it announced a picture of 4294967295 bytes, which is not possible")),
        Case(fault: .cameraNoise, error: .violation("a picture does not begin as a JPEG (FF D8)")),
    ])
    func `a fault is reported, and the next probe succeeds`(wrong: Case) async throws {
        let camera = try await StandaloneCameras(rate: 10)
        await camera.set(wrong.fault, true)
        let run = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(4))
        #expect(run.error == wrong.error)
        await camera.set(wrong.fault, false)
        let next = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(1))
        #expect(next.error == nil)
        #expect(next.statistics.frames > 1)
    }

    @Test func `identical frames are frozen but not an error`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        await camera.set(.cameraFrozen, true)
        let run = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(1))
        #expect(run.error == nil)
        #expect(run.statistics.isFrozen == true)
    }

    @Test func `a third viewer is reported as busy`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        async let first = ProbeRun(.jpeg, port: camera.port, window: .seconds(12))
        async let second = ProbeRun(.jpeg, port: camera.port, window: .seconds(12))
        async let third = ProbeRun(.jpeg, port: camera.port, window: .seconds(12))
        let errors = try await [first.error, second.error, third.error]
        #expect(errors.count { $0 == nil } == 2)
        #expect(errors.contains(.busy("it accepted the connection and did not answer the TLS handshake")))
    }

    @Test func `a wrong access code is an authentication error`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        let run = try await ProbeRun(.jpeg, port: camera.port, code: "00000000", window: .seconds(2))
        #expect(run.error == .authentication)
    }

    @Test func `rejects another serial number before sending the code`() async throws {
        let camera = try await StandaloneCameras(rate: 10, serial: "01P00A000000009")
        let run = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(2))
        #expect(run.error == .certificate(.wrongName(found: "01P00A000000009", wanted: ProbeRun.serial)))
    }

    @Test func `a silent peer means busy for JPEG and a timeout for RTSP`() async throws {
        let mute = try MutePeer()
        let jpeg = try await ProbeRun(.jpeg, port: mute.port, window: .seconds(2))
        #expect(jpeg.error == .busy("it accepted the connection and did not answer the TLS handshake"))
        let other = try MutePeer()
        let rtsp = try await ProbeRun(ProbeRun.rtsp(port: other.port), port: other.port, window: .seconds(2))
        #expect(rtsp.error == .timedOut("TLS handshake"))
    }

    @Test func `a single frame has no rate`() async throws {
        let camera = try await StandaloneCameras(rate: 0.1)
        let run = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(2))
        #expect(run.error == nil)
        #expect(run.statistics.frames == 1)
        #expect(run.statistics.framesPerSecond == nil)
        #expect(run.statistics.isFrozen == nil)
    }

    @Test func `a camera that sends one byte per second times out`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        await camera.set(.cameraDribble, true)
        let run = try await ProbeRun(.jpeg, port: camera.port, window: nil, pictures: 1)
        #expect(run.error == .timedOut("the first frame"))
    }

    @Test func `returns complete pictures on request`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        let run = try await ProbeRun(.jpeg, port: camera.port, window: nil, pictures: 3)
        #expect(run.pictures.count == 3)
        #expect(run.pictures.allSatisfy { $0.count == 40_000 && $0.starts(with: [0xFF, 0xD8]) })
    }
}
