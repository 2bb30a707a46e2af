import Glibc
import HTTP
import Reactor

/// A printer's camera, which serves its viewers as the printer would. Confined to its loop's thread.
final class SimulatedCamera {
    /// The protocol of a camera.
    enum Language: Sendable {
        case jpeg, rtsp
    }

    /// The viewers that a JPEG camera serves at a time. Source: bambuddy, issue 2757.
    private static let viewerLimit = 2
    /// The number of pictures after which a stalled or truncated stream stops.
    static let picturesBeforeStop = 3

    /// What the camera's viewers are sent, and at what pace.
    struct Settings {
        var language: Language
        /// Pictures a second.
        var rate: Double
        /// Bytes of a JPEG picture, at the least.
        var pictureSize = 40_000
    }

    let loop: EventLoop
    let settings: Settings
    /// Draws the next picture.
    let scene: () -> Scene
    var accessCode = ""
    private var tls: ServerTLS?
    private var listener: LoopbackListener?
    /// Reserves the port while the camera is off, so that no other program takes it.
    private var placeholder: Int32 = -1
    private var viewers: [ObjectIdentifier: CameraViewer] = [:]
    /// Connections whose handshake waits for a viewer to leave.
    private var waiting: [Int32] = []
    private var encoder = JPEGEncoder()
    private(set) var port: UInt16
    private(set) var faults: Set<Fault.Kind> = []
    /// How many viewers there were at a time, at the most.
    private(set) var mostViewers = 0
    private(set) var connections = 0

    /// - Parameter port: 0 for a free one; it is kept when the camera is off for a while.
    init(loop: EventLoop, settings: Settings, port: UInt16 = 0, scene: @escaping () -> Scene) {
        self.loop = loop
        self.settings = settings
        self.scene = scene
        self.port = port
    }

    /// Shows this certificate from now on, and listens if it does not yet.
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
            hold()
        } else if listener == nil, tls != nil {
            try? listen()
        }
    }

    private func hold() {
        guard port > 0, let address = try? SocketAddress(numeric: "127.0.0.1", port: port) else { return }
        placeholder = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // While earlier connections linger, the port cannot be bound, and they reserve it.
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
        // A JPEG camera serves two viewers and leaves the handshake of the next one unanswered until one leaves.
        if settings.language == .jpeg, viewers.count >= Self.viewerLimit || faults.contains(.cameraBusy) {
            waiting.append(descriptor)
        } else {
            serve(descriptor)
        }
    }

    private func serve(_ descriptor: Int32) {
        let session: any CameraSession = settings.language == .jpeg ? JPEGSession() : RTSPSession()
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

    func leave(_ viewer: CameraViewer) {
        viewers[ObjectIdentifier(viewer)] = nil
        serveWaiting()
    }

    /// The next picture as JPEG.
    func picture() -> [UInt8] {
        encoder.picture(of: scene().canvas, atLeast: settings.pictureSize)
    }
}
