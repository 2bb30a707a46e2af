import JSONScanning

/// The state of the camera as the printer reports it.
package struct CameraStatus: Sendable, Equatable {
    /// Wire: `ipcam.rtsp_url`: a URL, or "disable"; absent on models that serve pictures on port 6000.
    private var address: String?

    /// Whether a camera is present and on. Wire: `ipcam.ipcam_dev`, "1" or "0".
    private var isOn: Bool?

    /// Whether the camera or its local network view is switched off on the printer's screen.
    package var isDisabled: Bool { address == "disable" || isOn == false }

    /// The camera's protocol on a model that is not known; `nil` if the printer does not report it.
    package var cameraProtocol: CameraProtocol? {
        address.map { $0.isEmpty ? nil : .rtsp } ?? nil
    }

    static let fields: [Field<PrintSection>] = [
        Field("ipcam") { reader, section in
            // Some firmware reports only a flag: whether there is a camera.
            guard try reader.scanner.peek() == .object else { return try reader.scanner.skip() }
            try ipcamFields.read(&reader, into: &section.state.camera)
        }
    ]

    private static let ipcamFields = FieldTable<CameraStatus>([
        Field("rtsp_url") { try $0.text(into: &$1.address) },
        Field("ipcam_dev") { try $0.flag(into: &$1.isOn) },
    ])
}
