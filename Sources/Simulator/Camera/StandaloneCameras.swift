import HTTP
import Reactor

/// Cameras without printers, on free ports of 127.0.0.1 and on a loop of their own: for whoever measures or tests against
/// cameras alone.
package final class CameraStand: Sendable {
    /// What the cameras are.
    package struct Options: Sendable {
        /// Whether they speak RTSP, and not the language of JPEG cameras.
        package var speaksRTSP = false
        /// Pictures a second.
        package var rate = 1.0
        /// Bytes of a JPEG picture, at the least.
        package var pictureSize = 40_000
        /// What their certificate names.
        package var serial = "01P00A900000001"
        package var accessCode = "12345678"

        package init() {}
    }

    /// The cameras, which the loop's thread alone touches.
    private final class Cameras: @unchecked Sendable {
        // Sendable: touched inside `EventLoop.perform` only.
        var all: [SimulatedCamera] = []
    }

    private let thread: LoopThread
    private let directory: WorkDirectory
    private let cameras = Cameras()
    package let ports: [UInt16]

    /// Starts `count` cameras.
    ///
    /// - Parameter key: of their certificate, which is made here.
    package init(_ count: Int = 1, options: Options, key: PrivateKey) async throws {
        directory = try WorkDirectory.temporary()
        let leaf = SimulatedAuthority.Leaf(commonName: options.serial)
        let certificate = try SimulatedAuthority(key: key).issue(leaf, for: key)
        let certificateFile = try directory.write(certificate.pem(), to: "certificate.pem")
        let keyFile = try directory.write(key.pem(), to: "key.pem")
        thread = try LoopThread()
        ports = try await withCheckedThrowingContinuation { [thread, cameras] continuation in
            thread.loop.perform {
                continuation.resume(
                    with: Result {
                        let tls = try ServerTLS.printer(certificateFile: certificateFile, keyFile: keyFile)
                        for _ in 0..<count {
                            let camera = Self.camera(options, on: thread.loop)
                            try camera.start(tls, accessCode: options.accessCode)
                            cameras.all.append(camera)
                        }
                        return cameras.all.map(\.port)
                    })
            }
        }
    }

    deinit {
        stop()
    }

    private static func camera(_ options: Options, on loop: EventLoop) -> SimulatedCamera {
        let settings = SimulatedCamera.Settings(
            language: options.speaksRTSP ? .rtsp : .jpeg, rate: options.rate, pictureSize: options.pictureSize)
        var frame = 0
        return SimulatedCamera(loop: loop, settings: settings) {
            frame += 1
            return Scene(name: "camera", state: "running", percent: frame % 100, frame: frame)
        }
    }

    /// Lets something go wrong with all cameras, or no longer.
    package func set(_ fault: Fault.Kind, _ isOn: Bool) async {
        await withCheckedContinuation { continuation in
            thread.loop.perform { [cameras] in
                for camera in cameras.all { camera.set(fault, isOn) }
                continuation.resume()
            }
        }
    }

    /// Ends them. They do not start again.
    package func stop() {
        thread.loop.perform { [cameras] in
            for camera in cameras.all { camera.stop() }
            cameras.all = []
        }
        thread.end()
        directory.remove()
    }
}
