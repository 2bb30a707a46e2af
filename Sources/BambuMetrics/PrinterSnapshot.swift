package import BambuProtocol

/// All that one scrape needs to know of one printer.
package struct PrinterSnapshot: Sendable {
    /// How reports reach this process.
    package enum Transport: String, Sendable {
        case lan
    }

    /// The label `printer`: the configured name, or else the serial number.
    package let name: String
    package let transport: Transport
    /// The account's or the printer's own name for it; "" where nobody said one.
    package var givenName = ""
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

    package var model: Model { held.model }

    private final class Held: Sendable {
        let printer: Printer
        let model: Model

        init(_ printer: Printer) {
            self.printer = printer
            model = printer.model
        }
    }
}
