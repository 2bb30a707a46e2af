package struct FleetOptions: Sendable {
    /// The factor by which simulated time is faster than the clock.
    package var speed = 1.0
    /// The interval between reports; `nil` for the model's own.
    package var interval: Duration?
    /// The frame rate of every camera, per second; `nil` for the model's own.
    package var cameraRate: Double?
    /// The smallest size of a JPEG camera's picture, in bytes.
    package var pictureSize = 40_000
    package var seed: UInt64 = 1
    /// The number at the end of the first printer's serial; the others follow. With it two fleets can form one farm.
    package var firstNumber = 1
    /// The first printer's port; the others follow. 0 for free ports.
    package var port: UInt16 = 0
    /// The access code of all printers; `nil` for individual ones.
    package var accessCode: String?
    /// The directory of the files, which yields the same certificates again; `nil` for a temporary one.
    package var directory: String?
    /// The account, which exists if a printer is bound to it.
    package var account = AccountOptions()

    package init() {}
}
