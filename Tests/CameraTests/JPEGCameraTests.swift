import Reactor
import Testing
import VideoParsing

@testable import Camera
@testable import Simulator

@Suite("A JPEG camera", .timeLimit(.minutes(2)))
struct JPEGCameraTests {
    @Test(arguments: [(0.5, 9), (1, 5), (15, 3), (30, 3)])
    func `its rate, size and bytes are what it sends`(rate: Double, seconds: Int) async throws {
        let camera = try await StandaloneCameras(rate: rate)
        let look = try await ProbeRun.steady(.jpeg, port: camera.port, window: .seconds(seconds), rate: rate)
        #expect(look.error == nil)
        #expect(isNear(look.statistics.framesPerSecond, rate), "\(look.statistics)")
        #expect(look.statistics.size == PictureSize(width: 1280, height: 720))
        #expect(look.statistics.bytesPerFrame == 40_000)
        #expect(look.statistics.isFrozen == false)
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
        Case(fault: .cameraSize, error: .violation("it announced a picture of 4294967295 bytes, which is none")),
        Case(fault: .cameraNoise, error: .violation("a picture does not begin as a JPEG (FF D8)")),
    ])
    func `a fault ends the look in its reason, and the next look works`(wrong: Case) async throws {
        let camera = try await StandaloneCameras(rate: 10)
        await camera.set(wrong.fault, true)
        let look = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(4))
        #expect(look.error == wrong.error)
        await camera.set(wrong.fault, false)
        let next = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(1))
        #expect(next.error == nil)
        #expect(next.statistics.frames > 1)
    }

    @Test func `the same picture again and again is frozen, and no failure`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        await camera.set(.cameraFrozen, true)
        let look = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(1))
        #expect(look.error == nil)
        #expect(look.statistics.isFrozen == true)
    }

    @Test func `two viewers are served, and the third finds the camera busy`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        async let first = ProbeRun(.jpeg, port: camera.port, window: .seconds(12))
        async let second = ProbeRun(.jpeg, port: camera.port, window: .seconds(12))
        async let third = ProbeRun(.jpeg, port: camera.port, window: .seconds(12))
        let errors = try await [first.error, second.error, third.error]
        #expect(errors.count { $0 == nil } == 2)
        #expect(errors.contains(.busy("it accepted the connection and did not answer the TLS handshake")))
    }

    @Test func `a wrong code is refused`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        let look = try await ProbeRun(.jpeg, port: camera.port, code: "00000000", window: .seconds(2))
        #expect(look.error == .authentication)
    }

    @Test func `a certificate of another serial number is refused before the code is sent`() async throws {
        let camera = try await StandaloneCameras(rate: 10, serial: "01P00A000000009")
        let look = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(2))
        #expect(look.error == .certificate(.wrongName(found: "01P00A000000009", wanted: ProbeRun.serial)))
    }

    @Test func `a mute peer is a busy JPEG camera, and a timeout of an RTSP camera`() async throws {
        let mute = try MutePeer()
        let jpeg = try await ProbeRun(.jpeg, port: mute.port, window: .seconds(2))
        #expect(jpeg.error == .busy("it accepted the connection and did not answer the TLS handshake"))
        let other = try MutePeer()
        let rtsp = try await ProbeRun(ProbeRun.rtsp(port: other.port), port: other.port, window: .seconds(2))
        #expect(rtsp.error == .timedOut("TLS handshake"))
    }

    @Test func `one picture is one frame without a rate`() async throws {
        let camera = try await StandaloneCameras(rate: 0.1)
        let look = try await ProbeRun(.jpeg, port: camera.port, window: .seconds(2))
        #expect(look.error == nil)
        #expect(look.statistics.frames == 1)
        #expect(look.statistics.framesPerSecond == nil)
        #expect(look.statistics.isFrozen == nil)
    }

    @Test func `a camera that sends a byte a second holds nobody who waits for a picture`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        await camera.set(.cameraDribble, true)
        let look = try await ProbeRun(.jpeg, port: camera.port, window: nil, pictures: 1)
        #expect(look.error == .timedOut("the first frame"))
    }

    @Test func `whole pictures are handed out where they are asked for`() async throws {
        let camera = try await StandaloneCameras(rate: 10)
        let look = try await ProbeRun(.jpeg, port: camera.port, window: nil, pictures: 3)
        #expect(look.pictures.count == 3)
        #expect(look.pictures.allSatisfy { $0.count == 40_000 && $0.starts(with: [0xFF, 0xD8]) })
    }
}
