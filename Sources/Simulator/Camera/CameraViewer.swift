import HTTP
import Platform
import Reactor

/// A connection to a simulated camera. A subclass is a protocol of cameras. Confined to its loop's thread.
class CameraViewer: ServedConnection {
    final unowned let camera: SimulatedCamera
    /// The number of pictures so far, including those that were skipped.
    private(set) final var pictures = 0

    required init(camera: SimulatedCamera, descriptor: Int32, tls: ServerTLS?) throws {
        self.camera = camera
        try super.init(loop: camera.loop, descriptor: descriptor, tls: tls)
    }

    /// Processes bytes from the viewer, unless the camera is mute.
    func answer(_ bytes: [UInt8]) {}

    func sendPicture() {}

    override final func secured() {
        if has(.cameraClose) { close() }
    }

    override final func receive(_ bytes: [UInt8]) {
        if !has(.cameraMute) { answer(bytes) }
    }

    final func has(_ fault: Fault.Kind) -> Bool { camera.faults.contains(fault) }

    /// Sends bytes in a TLS record of their own.
    final func reply(_ bytes: [UInt8]) {
        if has(.cameraDribble) { drip(bytes, every: .seconds(1)) } else { send(bytes) }
    }

    final func startPictures() {
        if timer == nil { sendPicture(due: loop.now) }
    }

    /// Sends a picture and schedules the next one by the clock, so that delays do not add up.
    private func sendPicture(due: Instant) {
        if has(.cameraStall), pictures >= SimulatedCamera.picturesBeforeStop { return }
        // Pictures are skipped until the viewer reads.
        if !isCongested { sendPicture() }
        pictures += 1
        guard isOpen else { return }
        let next = due + .seconds(1 / camera.settings.rate)
        timer = loop.schedule(at: next) { [weak self] in self?.sendPicture(due: next) }
    }
}
