import Glibc
import HTTP
import Platform
import Reactor

/// The camera of a printer with its viewers. Confined to its loop's thread.
final class SimulatedCamera {
    /// The number of viewers that a JPEG camera serves at a time. Source: bambuddy, issue 2757.
    private static let viewerLimit = 2
    /// The number of pictures after which a stalled or truncated stream stops.
    static let picturesBeforeStop = 3

    struct Settings {
        /// Whether it uses RTSP instead of the protocol of JPEG cameras.
        var usesRTSP: Bool
        var rate: Double
        /// The smallest size of a JPEG picture, in bytes.
        var pictureSize = 40_000
    }

    let loop: EventLoop
    let settings: Settings
    let scene: () -> Scene
    var accessCode = ""
    private var tls: ServerTLS?
    private var server: LoopbackServer<CameraViewer>?
    /// A bound socket that reserves the port while the camera is off.
    private var placeholder: Int32 = -1
    /// Connections whose handshake waits until a viewer leaves.
    private var waiting: [Int32] = []
    private var encoder = JPEGEncoder()
    /// The port on 127.0.0.1, which is kept while the camera is off; 0 before the start.
    private(set) var port: UInt16 = 0
    private(set) var faults: Set<Fault.Kind> = []
    private(set) var mostViewers = 0
    private(set) var connections = 0
    private var viewers: Int { server?.connections.count ?? 0 }

    init(loop: EventLoop, settings: Settings, scene: @escaping () -> Scene) {
        self.loop = loop
        self.settings = settings
        self.scene = scene
    }

    /// Uses this certificate and access code from now on, and starts to listen if it does not yet.
    func start(_ tls: ServerTLS, accessCode: String) throws {
        self.tls = tls
        self.accessCode = accessCode
        if server == nil, !isOff { try listen() }
    }

    func stop() {
        server?.close()
        server = nil
        release()
        for descriptor in waiting { close(descriptor) }
        waiting = []
    }

    private var isOff: Bool { faults.contains(.cameraOff) || faults.contains(.liveviewOff) }

    func set(_ fault: Fault.Kind, _ isOn: Bool) {
        if isOn { faults.insert(fault) } else { faults.remove(fault) }
        serveWaiting()
        if isOff, server != nil {
            stop()
            reservePort()
        } else if !isOff, server == nil, tls != nil {
            try? listen()
        }
    }

    private func reservePort() {
        guard port > 0, let address = try? SocketAddress(numeric: "127.0.0.1", port: port) else { return }
        placeholder = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // The bind fails while earlier connections linger, but then those connections reserve the port.
        _ = address.withPointer { bind(placeholder, $0, $1) }
    }

    private func release() {
        if placeholder >= 0 { close(placeholder) }
        placeholder = -1
    }

    private func listen() throws {
        release()
        let server = try LoopbackServer<CameraViewer>(loop: loop, port: port)
        port = server.port
        self.server = server
        try server.accept { [weak self] in self?.accept($0) }
    }

    private func accept(_ descriptor: Int32) {
        connections += 1
        // A JPEG camera serves two viewers and delays the handshake of the next one until one leaves.
        if !settings.usesRTSP, viewers >= Self.viewerLimit || faults.contains(.cameraBusy) {
            waiting.append(descriptor)
        } else {
            serve(descriptor)
        }
    }

    private func serve(_ descriptor: Int32) {
        let viewer: CameraViewer.Type = settings.usesRTSP ? RTSPViewer.self : JPEGViewer.self
        server?.serve({ try viewer.init(camera: self, descriptor: descriptor, tls: tls) }) { [weak self] in
            self?.serveWaiting()
        }
        mostViewers = max(mostViewers, viewers)
    }

    private func serveWaiting() {
        while viewers < Self.viewerLimit, !faults.contains(.cameraBusy), let descriptor = waiting.first {
            waiting.removeFirst()
            serve(descriptor)
        }
    }

    func picture() -> [UInt8] {
        encoder.picture(of: scene().canvas, atLeast: settings.pictureSize)
    }
}
