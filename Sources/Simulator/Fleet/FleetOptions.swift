/// What holds for all printers of a fleet.
package struct FleetOptions: Sendable {
    /// How many times faster than the clock simulated time goes.
    package var speed = 1.0
    /// How long from one report to the next; `nil` for what the models do.
    package var interval: Duration?
    /// Pictures a second of every camera; `nil` for what the models do.
    package var cameraRate: Double?
    /// Bytes of a JPEG camera's picture, at the least.
    package var pictureSize = 40_000
    package var seed: UInt64 = 1
    /// The number that the first printer's serial ends in, the others' follow: so that two fleets may be one farm.
    package var firstNumber = 1
    /// The first printer's port, the others' follow; 0 for free ports.
    package var port: UInt16 = 0
    /// The access code of all; `nil` for one of its own each.
    package var accessCode: String?
    /// Where to put the files; `nil` for a directory that is removed at the end. One that was used before makes the
    /// same certificates again.
    package var directory: String?

    /// The account that printers are bound to; it is there where one of them is.
    package var account = AccountOptions()

    package init() {}
}
