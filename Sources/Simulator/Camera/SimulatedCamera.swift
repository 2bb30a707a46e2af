import Glibc
import HTTP
import Reactor

/// The camera of a printer with its viewers. Confined to its loop's thread.
final class SimulatedCamera {
    /// The kind of a camera, which determines its protocol.
    enum Kind: Sendable {
        case jpeg, rtsp
    }

    /// The number of viewers that a JPEG camera serves at a time. Source: bambuddy, issue 2757.
    private static let viewerLimit = 2
    /// The number of pictures after which a stalled or truncated stream stops.
    static let picturesBeforeStop = 3

    /// The protocol, rate and size of the pictures.
    struct Settings {
        var kind: Kind
        /// The frame rate, per second.
        var rate: Double
        /// The smallest size of a JPEG picture, in bytes.
        var pictureSize = 40_000
    }

    let loop: EventLoop
    let settings: Settings
    /// Returns the next scene.
    let scene: () -> Scene
    var accessCode = ""
    private var tls: ServerTLS?
    private var listener: LoopbackListener?
    /// A bound socket that reserves the port while the camera is off.
    private var placeholder: Int32 = -1
    private var viewers: [ObjectIdentifier: CameraViewer] = [:]
    /// Connections whose handshake waits until a viewer leaves.
    private var waiting: [Int32] = []
    private var encoder = JPEGEncoder()
    private(set) var port: UInt16
    private(set) var faults: Set<Fault.Kind> = []
    /// The largest number of simultaneous viewers so far.
    private(set) var mostViewers = 0
    private(set) var connections = 0

    /// - Parameter port: 0 for a free port; it is kept while the camera is off.
    init(loop: EventLoop, settings: Settings, port: UInt16 = 0, scene: @escaping () -> Scene) {
        self.loop = loop
        self.settings = settings
        self.scene = scene
        self.port = port
    }

    /// Uses this certificate and access code from now on, and starts to listen if it does not yet.
    func start(_ tls: ServerTLS, accessCode: String) throws {
        self.tls = tls
        self.accessCode = accessCode
        if listener == nil, !faults.contains(.cameraOff) { try listen() }
    }

    func stop() {
        listener?.close()
        listener = nil
        release()
        for viewer in viewers.values { viewer.close() }
        viewers = [:]
        for descriptor in waiting { close(descriptor) }
        waiting = []
    }

    func set(_ fault: Fault.Kind, _ isOn: Bool) {
        if isOn { faults.insert(fault) } else { faults.remove(fault) }
        serveWaiting()
        guard fault == .cameraOff else { return }
        if isOn {
            stop()
            reservePort()
        } else if listener == nil, tls != nil {
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
        let listener = try LoopbackListener(loop: loop, port: port)
        port = listener.port
        self.listener = listener
        try listener.accept { [weak self] in self?.accept($0) }
    }

    private func accept(_ descriptor: Int32) {
        connections += 1
        // A JPEG camera serves two viewers and delays the handshake of the next one until one leaves.
        if settings.kind == .jpeg, viewers.count >= Self.viewerLimit || faults.contains(.cameraBusy) {
            waiting.append(descriptor)
        } else {
            serve(descriptor)
        }
    }

    private func serve(_ descriptor: Int32) {
        let session: any CameraSession = settings.kind == .jpeg ? JPEGSession() : RTSPSession()
        guard let viewer = try? CameraViewer(camera: self, descriptor: descriptor, tls: tls, session: session) else {
            return
        }
        viewers[ObjectIdentifier(viewer)] = viewer
        mostViewers = max(mostViewers, viewers.count)
    }

    private func serveWaiting() {
        while let descriptor = waiting.first, viewers.count < Self.viewerLimit, !faults.contains(.cameraBusy) {
            waiting.removeFirst()
            serve(descriptor)
        }
    }

    func remove(_ viewer: CameraViewer) {
        viewers[ObjectIdentifier(viewer)] = nil
        serveWaiting()
    }

    /// Returns the next picture as JPEG.
    func picture() -> [UInt8] {
        encoder.picture(of: scene().canvas, atLeast: settings.pictureSize)
    }
}
