/// The merged reports of a printer. A value that was never reported is absent.
///
/// Copying a state copies one reference; the values are copied by the first change after that.
package struct PrinterState: Sendable, Equatable {
    private struct Values: Sendable, Equatable {
        var job = Job()
        var toolhead: Toolhead
        var heaters = Heaters()
        var fans = Fans()
        var hardware = Hardware()
        var camera = CameraStatus()
        var lights: [Light]?
        var hms: [HMSMessage]?
        var ams = AMS()
    }

    /// Exactly one element. An array is a reference that copies its elements on write.
    private var values: [Values]

    /// - Parameter model: the model of the printer.
    package init(of model: Model = .unknown) {
        values = [Values(toolhead: Toolhead(nozzleCount: model.nozzleCount))]
        ams.update(isOfKnownModel: model.isKnown)
    }

    package var job: Job {
        _read { yield values[0].job }
        _modify { yield &values[0].job }
    }

    package var toolhead: Toolhead {
        _read { yield values[0].toolhead }
        _modify { yield &values[0].toolhead }
    }

    package var heaters: Heaters {
        _read { yield values[0].heaters }
        _modify { yield &values[0].heaters }
    }

    package var fans: Fans {
        _read { yield values[0].fans }
        _modify { yield &values[0].fans }
    }

    package var hardware: Hardware {
        _read { yield values[0].hardware }
        _modify { yield &values[0].hardware }
    }

    package var camera: CameraStatus {
        _read { yield values[0].camera }
        _modify { yield &values[0].camera }
    }

    /// `nil` until the printer reports the list.
    package var lights: [Light]? {
        _read { yield values[0].lights }
        _modify { yield &values[0].lights }
    }

    /// The active messages, most severe first; `nil` until the printer reports the list.
    package var hms: [HMSMessage]? {
        _read { yield values[0].hms }
        _modify { yield &values[0].hms }
    }

    package var ams: AMS {
        _read { yield values[0].ams }
        _modify { yield &values[0].ams }
    }
}
