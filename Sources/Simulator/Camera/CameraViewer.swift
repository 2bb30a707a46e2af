import HTTP
import Reactor

/// One connection to a simulated camera. Confined to its loop's thread.
final class CameraViewer {
    /// Bytes that may wait for a viewer; more pictures are skipped until it reads.
    private static let unsentLimit = 4 << 20

    private unowned let camera: SimulatedCamera
    private var session: any CameraSession
    private var stream: ServedStream?
    private var timer: TimerQueue.Token?
    private var nextPicture: Instant?
    private var pictures = 0

    init(camera: SimulatedCamera, descriptor: Int32, tls: ServerTLS?, session: any CameraSession) throws {
        self.camera = camera
        self.session = session
        stream = try ServedStream(loop: camera.loop, descriptor: descriptor, tls: tls) { [weak self] in
            self?.receive($0)
        }
    }

    func close() {
        if let timer { camera.loop.cancel(timer) }
        timer = nil
        stream?.close()
        stream = nil
    }

    private func receive(_ event: ServedStream.Event) {
        switch event {
        case .secured: if camera.faults.contains(.cameraClose) { leave() }
        case .received(let bytes):
            guard !camera.faults.contains(.cameraMute) else { return }
            take(session.receive(bytes, from: camera))
        case .closed: leave()
        }
    }

    private func take(_ answer: CameraAnswer) {
        if !answer.header.isEmpty { send(answer.header) }
        if !answer.bytes.isEmpty { send(answer.bytes) }
        if answer.isLast { return leave() }
        guard answer.startsPictures, timer == nil else { return }
        nextPicture = camera.loop.now
        sendPicture()
    }

    private func send(_ bytes: [UInt8]) {
        if camera.faults.contains(.cameraDribble) {
            stream?.drip(bytes, every: .seconds(1))
        } else {
            stream?.send(bytes)
        }
    }

    private func leave() {
        close()
        camera.leave(self)
    }

    /// Sends a picture and sees to the next one. The pace is kept by the clock, so that no delay adds up.
    private func sendPicture() {
        timer = nil
        guard let due = nextPicture, let stream else { return }
        if camera.faults.contains(.cameraStall), pictures >= SimulatedCamera.picturesBeforeStop { return }
        if stream.unsent < Self.unsentLimit { take(session.picture(number: pictures, of: camera)) }
        pictures += 1
        guard self.stream != nil else { return }
        let next = due + .seconds(1 / camera.settings.rate)
        nextPicture = next
        timer = camera.loop.schedule(at: next) { [weak self] in self?.sendPicture() }
    }
}
