package import BambuProtocol

/// All that one scrape needs to know of one printer.
package struct PrinterSnapshot: Sendable {
    /// How reports reach this process.
    package enum Transport: String, Sendable {
        case lan, cloud, broker
    }

    /// The label `printer`: the configured name, or else the serial number.
    package let name: String
    package let transport: Transport
    /// What the account says of it; `nil` without an account, and while that does not answer.
    package var account: AccountFacts?
    /// Who it is to the account; `nil` where that does not know it.
    package var identity: AccountIdentity?
    package var link: Link
    package var printer: Printer {
        // Lends it: what is taken from it is copied, and not all of it.
        _read { yield held.printer }
        set { held = Held(newValue) }
    }
    /// By reference: a snapshot is handed to every metric, and a printer is a hundred texts and arrays.
    private var held: Held
    /// What is known of the camera; `nil` where it is not probed.
    package var camera: CameraReading?
    /// What codes mean in words; `nil` without `fault_texts`, and until they are there.
    package var faultTexts: FaultTexts?
    /// Whether job and file names are exported; they are what people print.
    package var showsJobs = true

    package init(name: String, transport: Transport, link: Link, printer: Printer) {
        self.name = name
        self.transport = transport
        self.link = link
        held = Held(printer)
    }

    /// What the reports said; `nil` while the printer is down, so that no old value is taken for a live one.
    package var state: PrinterState? { link.isUp ? held.printer.state : nil }

    /// What is known of AMS units and spools: from the reports while they arrive, and else from the account.
    package var spoolState: PrinterState? {
        if let state { return state }
        return account?.ams.map { ams in
            var state = PrinterState()
            state.ams = ams
            return state
        }
    }

    /// The account's name for it; "" where nobody said one.
    package var givenName: String { identity?.name ?? "" }

    /// As the printer says it, or its serial number, or else the account.
    package var model: Model { held.model.name.isEmpty ? identity?.model ?? held.model : held.model }

    /// The version that the printer's screen shows, from itself or else from the account; "" where nobody said it.
    package var firmware: String {
        let own = held.printer.firmware.version
        return own.isEmpty ? identity?.firmware ?? "" : own
    }

    private final class Held: Sendable {
        let printer: Printer
        let model: Model

        init(_ printer: Printer) {
            self.printer = printer
            model = printer.model
        }
    }
}
