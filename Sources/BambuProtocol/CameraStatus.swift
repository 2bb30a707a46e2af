import JSONScanning

/// What a printer says of its camera.
package struct CameraStatus: Sendable, Equatable {
    /// Wire: `ipcam.rtsp_url`: an address, or "disable"; absent on models that serve pictures on port 6000.
    private var address: String?

    /// Whether there is a camera that is on. Wire: `ipcam.ipcam_dev`, "1" or "0".
    private var isOn: Bool?

    /// Whether the camera, or the view over the local network, is switched off on the printer's screen.
    package var isDisabled: Bool { address == "disable" || isOn == false }

    /// What the camera of a model that is not known speaks, as far as the printer tells.
    package var language: CameraLanguage? {
        address.map { $0.isEmpty ? nil : .rtsp } ?? nil
    }

    static let fields: [Field<PrintSection>] = [
        Field("ipcam") { reader, section in
            // Some firmwares say only whether there is one.
            guard try reader.scanner.peek() == .object else { return try reader.scanner.skip() }
            try ipcamFields.read(&reader, into: &section.state.camera)
        }
    ]

    private static let ipcamFields = FieldTable<CameraStatus>([
        Field("rtsp_url") { try $0.text(into: &$1.address) },
        Field("ipcam_dev") { try $0.flag(into: &$1.isOn) },
    ])
}
