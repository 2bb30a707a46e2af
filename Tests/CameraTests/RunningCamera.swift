import Foundation
import Reactor

@testable import Simulator

/// One simulated camera on a free port of loopback, with a loop of its own.
final class RunningCamera: Sendable {
    let port: UInt16
    private let thread: LoopThread
    private let camera: Confined
    private let folder: URL

    /// The camera, which the loop's thread alone touches.
    private final class Confined: @unchecked Sendable {
        // Sendable: touched inside `EventLoop.perform` only.
        var value: SimulatedCamera?
    }

    init(
        _ language: SimulatedCamera.Language, rate: Double, serial: String = Look.serial, faults: [Fault.Kind] = []
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "camera-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificate = try SimulatedAuthority(key: Look.key).issue(.init(commonName: serial), for: Look.key)
        let files = ["certificate.pem", "key.pem"].map { folder.appending(path: $0) }
        try Data(certificate.pem()).write(to: files[0])
        try Data(Look.key.pem()).write(to: files[1])
        let thread = try LoopThread()
        let camera = Confined()
        self.thread = thread
        self.camera = camera
        self.folder = folder
        let paths = files.map(\.path)
        port = try await withCheckedThrowingContinuation { continuation in
            thread.loop.perform {
                var frame = 0
                let made = SimulatedCamera(loop: thread.loop, settings: .init(language: language, rate: rate)) {
                    frame += 1
                    return Scene(name: "test", state: "running", percent: frame % 100, frame: frame)
                }
                camera.value = made
                for fault in faults { made.set(fault, true) }
                continuation.resume(
                    with: Result {
                        let identity = try CameraIdentity(certificateFile: paths[0], keyFile: paths[1])
                        try made.start(identity, accessCode: Look.code)
                        return made.port
                    })
            }
        }
    }

    deinit {
        thread.loop.perform { [camera] in camera.value?.stop() }
        thread.end()
        try? FileManager.default.removeItem(at: folder)
    }

    func set(_ fault: Fault.Kind, _ isOn: Bool) async {
        await withCheckedContinuation { continuation in
            thread.loop.perform { [camera] in
                camera.value?.set(fault, isOn)
                continuation.resume()
            }
        }
    }
}
