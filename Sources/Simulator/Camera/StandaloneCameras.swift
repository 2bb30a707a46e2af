import HTTP
import Reactor

/// Cameras without printers on free ports of 127.0.0.1, for measurements and tests. They share an event loop.
package final class StandaloneCameras: Sendable {
    package struct Options: Sendable {
        package var usesRTSP = false
        package var rate = 1.0
        /// The smallest size of a JPEG picture, in bytes.
        package var pictureSize = 40_000
        /// The common name of their certificate.
        package var serial = "01P00A900000001"
        package var accessCode = "12345678"

        package init() {}
    }

    private let thread: LoopThread
    private let directory: WorkDirectory
    private let cameras = LoopIsolated<[SimulatedCamera]>([])
    package let ports: [UInt16]

    /// Starts `count` cameras, and creates their certificate for `key`.
    package init(_ count: Int = 1, options: Options, key: PrivateKey) async throws {
        directory = try WorkDirectory.temporary()
        let leaf = SimulatedAuthority.Leaf(commonName: options.serial)
        let certificate = try SimulatedAuthority(key: key).issue(leaf, for: key)
        let certificateFile = try directory.write(certificate.pem(), to: "certificate.pem")
        let keyFile = try directory.write(key.pem(), to: "key.pem")
        thread = try LoopThread()
        ports =
            try await thread.run { [thread, cameras] in
                let tls = try ServerTLS.printer(certificateFile: certificateFile, keyFile: keyFile)
                for _ in 0..<count {
                    let camera = Self.camera(options, on: thread.loop)
                    try camera.start(tls, accessCode: options.accessCode)
                    cameras.value.append(camera)
                }
                return cameras.value.map(\.port)
            } ?? []
    }

    deinit {
        stop()
    }

    private static func camera(_ options: Options, on loop: EventLoop) -> SimulatedCamera {
        let settings = SimulatedCamera.Settings(
            usesRTSP: options.usesRTSP, rate: options.rate, pictureSize: options.pictureSize)
        var frame = 0
        return SimulatedCamera(loop: loop, settings: settings) {
            frame += 1
            return Scene(name: "camera", state: "running", percent: frame % 100, frame: frame)
        }
    }

    package func set(_ fault: Fault.Kind, _ isOn: Bool) async {
        _ = try? await thread.run { [cameras] in for camera in cameras.value { camera.set(fault, isOn) } }
    }

    /// Stops the cameras. They cannot be started again.
    package func stop() {
        thread.loop.perform { [cameras] in
            for camera in cameras.value { camera.stop() }
            cameras.value = []
        }
        thread.end()
        directory.remove()
    }
}
