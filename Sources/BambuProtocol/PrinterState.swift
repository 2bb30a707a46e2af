/// The merged reports of a printer. A value that was never reported is absent.
package struct PrinterState: Sendable, Equatable {
    package var job = Job()
    package var toolhead: Toolhead
    package var heaters = Heaters()
    package var fans = Fans()
    package var hardware = Hardware()
    package var camera = CameraStatus()
    /// `nil` until the printer reports the list.
    package var lights: [Light]?
    /// The active messages, most severe first; `nil` until the printer reports the list.
    package var hms: [HMSMessage]?
    package var ams = AMS()

    /// - Parameter model: the model of the printer.
    package init(of model: Model = .unknown) {
        toolhead = Toolhead(nozzleCount: model.nozzleCount)
        ams.learn(isOfKnownModel: model.isKnown)
    }

    mutating func exchange(_ other: inout PrinterState) {
        swap(&self, &other)
    }
}
