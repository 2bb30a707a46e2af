import CShim
import Glibc
import Reactor

/// A printer's camera: listens, and serves whoever comes as its printer would. Confined to its loop's thread.
final class SimulatedCamera {
    /// What a camera speaks.
    enum Language: Sendable {
        case jpeg, rtsp
    }

    /// The viewers that a JPEG camera serves at a time. Source: bambuddy, issue 2757.
    private static let viewerLimit = 2
    /// After so many pictures a stalled or truncated stream stops.
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
    private var identity: CameraIdentity?
    private var listener: Int32 = -1
    /// Holds the port while nobody listens on it, so that nothing else of this machine does.
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

    /// Shows this certificate from now on, and begins to listen where it does not yet.
    func start(_ identity: CameraIdentity, accessCode: String) throws {
        self.identity = identity
        self.accessCode = accessCode
        if listener < 0, !faults.contains(.cameraOff) { try listen() }
    }

    func stop() {
        if listener >= 0 {
            loop.unwatch(listener)
            close(listener)
        }
        listener = -1
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
        } else if listener < 0, identity != nil {
            try? listen()
        }
    }

    private func hold() {
        guard port > 0, let address = try? SocketAddress(numeric: "127.0.0.1", port: port) else { return }
        placeholder = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // Where connections of before still linger it cannot be held; they hold it then.
        _ = address.withPointer { bind(placeholder, $0, $1) }
    }

    private func release() {
        if placeholder >= 0 { close(placeholder) }
        placeholder = -1
    }

    private func listen() throws {
        release()
        let address = try SocketAddress(numeric: "127.0.0.1", port: port)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        listener = socket(address.family, kind, 0)
        guard listener >= 0 else { throw SystemError(errno, "socket") }
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard address.withPointer({ bind(listener, $0, $1) }) == 0, Glibc.listen(listener, 128) == 0 else {
            throw SystemError(errno, "bind")
        }
        port = SocketAddress(boundTo: listener)?.port ?? port
        try loop.watch(listener, for: .read) { [weak self] _ in self?.accept() }
    }

    private func accept() {
        while listener >= 0 {
            let descriptor = shim_accept(listener)
            guard descriptor >= 0 else { return }
            connections += 1
            // A JPEG camera serves two viewers and leaves the handshake of the next one unanswered until one leaves.
            if settings.language == .jpeg, viewers.count >= Self.viewerLimit || faults.contains(.cameraBusy) {
                waiting.append(descriptor)
                continue
            }
            serve(descriptor)
        }
    }

    private func serve(_ descriptor: Int32) {
        do {
            guard let identity else { return _ = close(descriptor) }
            let viewer = try CameraViewer(
                camera: self, descriptor: descriptor, context: identity.context,
                session: settings.language == .jpeg ? JPEGSession() : RTSPSession())
            viewers[ObjectIdentifier(viewer)] = viewer
            mostViewers = max(mostViewers, viewers.count)
        } catch {
            close(descriptor)
        }
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
