/// Everything a printer's reports said, merged: its telemetry. A value that was never said is absent.
package struct PrinterState: Sendable, Equatable {
    package var job = Job()
    package var toolhead: Toolhead
    package var heating = Heating()
    package var fans = Fans()
    package var hardware = Hardware()
    package var camera = CameraStatus()
    /// `nil` until the printer listed them.
    package var lights: [Light]?
    /// The active messages, gravest first; `nil` until the printer listed them.
    package var hms: [HMSMessage]?
    package var ams = AMS()

    /// - Parameter model: whose printer it is.
    package init(of model: Model = .unknown) {
        toolhead = Toolhead(nozzleCount: model.nozzleCount)
        ams.learn(isOfKnownModel: model.isKnown)
    }

    mutating func exchange(_ other: inout PrinterState) {
        swap(&self, &other)
    }
}
