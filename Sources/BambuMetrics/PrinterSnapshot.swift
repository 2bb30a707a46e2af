package import BambuProtocol

/// The state of one printer for one scrape.
package struct PrinterSnapshot: Sendable {
    /// The path by which reports reach this process.
    package enum Transport: String, Sendable {
        case lan, cloud, broker
    }

    /// The label `printer`: the configured name, or else the serial number.
    package let name: String
    package let transport: Transport
    /// The state of the printer in the account; `nil` without an account, and while the account does not answer.
    package var account: AccountFacts?
    /// The identity of the printer in the account; `nil` if the account does not contain it.
    package var identity: AccountIdentity?
    package var link: Link
    package var printer: Printer {
        // Yields a borrow, so that reading a part does not copy the whole printer.
        _read { yield boxed.value }
        set { boxed = Boxed(newValue) }
    }
    /// A reference, because a snapshot is passed to every metric, and a printer has a hundred strings and arrays.
    private var boxed: Boxed<Printer>
    /// The camera's reading; `nil` if the camera is not probed.
    package var camera: CameraReading?
    /// The texts of fault codes; `nil` without `fault_texts`, and until they are loaded.
    package var faultTexts: FaultTexts?
    /// Whether job and file names are exported; they are private data.
    package var showsJobs = true

    package init(name: String, transport: Transport, link: Link, printer: Printer) {
        self.name = name
        self.transport = transport
        self.link = link
        boxed = Boxed(printer)
    }

    /// The state from the reports; `nil` while the printer is down, so that no outdated value is exported.
    package var state: PrinterState? { link.isUp ? printer.state : nil }

    /// The AMS units and spools: from the reports while the printer is up, else from the account.
    package var spoolState: PrinterState? {
        if let state { return state }
        return account?.ams.map { ams in
            var state = PrinterState()
            state.ams = ams
            return state
        }
    }

    /// The name of the printer in the account; "" if it is unknown.
    package var givenName: String { identity?.name ?? "" }

    /// The model that the printer or its serial number reports, or else the account.
    package var model: Model { printer.model.name.isEmpty ? identity?.model ?? printer.model : printer.model }

    /// The firmware version as on the printer's screen, from the printer or else the account; "" if unknown.
    package var firmware: String {
        let own = printer.firmware.version
        return own.isEmpty ? identity?.firmware ?? "" : own
    }
}
