import BambuMetrics
import Testing

@testable import Exporter

@Suite("PrinterInventory")
struct PrinterInventoryTests {
    private func inventory(
        _ printers: [Configuration.Printer] = [], cloud: [String]?? = .none, broker: [String]?? = .none, shard: Int = 1
    ) -> PrinterInventory {
        var inventory = PrinterInventory()
        inventory.configuration.printers = printers
        if case .some(let serials) = cloud {
            inventory.configuration.cloud = Configuration.Account()
            inventory.configuration.cloud?.printers = serials
        }
        if case .some(let serials) = broker {
            inventory.configuration.broker = Configuration.Broker()
            inventory.configuration.broker?.printers = serials
        }
        inventory.configuration.shard.count = shard
        return inventory
    }

    private func printer(_ name: String, _ serial: String, host: String? = nil) -> Configuration.Printer {
        var printer = Configuration.Printer(name: name, serial: serial)
        printer.host = host
        return printer
    }

    private func add(_ serial: String, _ inventory: inout PrinterInventory) -> Bool { inventory.addDiscovered(serial) }

    private func lines(_ inventory: PrinterInventory) -> [String] {
        inventory.printers.map { "\($0.settings.name) \($0.route)" }
    }

    @Test(arguments: ["", "+", "#", "A/report", "A B", "A\n", "\u{E9}", String(repeating: "A", count: 65)])
    func `serial numbers that could match other topics are rejected`(serial: String) {
        var inventory = inventory(broker: .some(nil))
        #expect(!add(serial, &inventory) && inventory.discovered.isEmpty)
        #expect(add("A", &inventory))
    }

    @Test func `an account printer is named by its entry or its serial number`() {
        var inventory = inventory([printer("desk", "B")], cloud: .some(nil))
        #expect(lines(inventory) == ["desk shared(BambuMetrics.BrokerSessionCounts.Source.cloud)"])
        inventory.accountSerials = ["A", "B"]
        #expect(inventory.printers.map(\.settings.name) == ["desk", "A"])
    }

    @Test func `a printer with several routes is read once: LAN, broker, cloud`() {
        var inventory = inventory(
            [printer("lan", "A", host: "h"), printer("broker", "B"), printer("cloud", "C")], cloud: .some(nil),
            broker: .some(["A", "B"]))
        inventory.accountSerials = ["A", "B", "C"]
        #expect(inventory.printers.map(\.route) == [.lan, .shared(.broker), .shared(.cloud)])
        #expect(!add("A", &inventory))
    }

    @Test func `without host, broker and cloud a printer has no source`() {
        #expect(inventory([printer("x", "A")]).printers.map(\.route) == [.none])
        #expect(inventory([printer("x", "A")], cloud: .some(["B"])).printers.map(\.route) == [.none, .shared(.cloud)])
    }

    @Test func `an account printer that reports on the broker is read there`() {
        var inventory = inventory(cloud: .some(nil), broker: .some(nil))
        inventory.accountSerials = ["A"]
        #expect(inventory.printers.map(\.route) == [.shared(.cloud)])
        #expect(add("A", &inventory))
        #expect(!add("A", &inventory))
        #expect(inventory.printers.map(\.route) == [.shared(.broker)])
    }

    @Test func `a shard takes only its own printers, from every source`() {
        var own = 0
        for index in 0..<4 {
            var inventory = inventory(cloud: .some(nil), broker: .some(nil), shard: 4)
            inventory.configuration.shard.index = index
            inventory.accountSerials = (0..<50).map { "A\($0)" }.filter { inventory.configuration.shard.takes($0) }
            for number in 0..<50 { _ = inventory.addDiscovered("B\(number)") }
            own += inventory.printers.count
        }
        #expect(own == 100)
    }

    @Test func `serials that are topics or names of other printers are not listed`() {
        var inventory = inventory([printer("01P", "A", host: "h")], broker: .some(nil))
        for serial in ["", "+", "#", "a/b", "a b", String(repeating: "x", count: 65)] {
            #expect(!add(serial, &inventory))
        }
        #expect(add("01P", &inventory))
        #expect(inventory.printers.map(\.settings.serial) == ["A"])
    }

    @Test func `a full inventory drops the printers that have been silent longest`() {
        var inventory = inventory(broker: .some(nil))
        for number in 0..<PrinterInventory.discoveryLimit { _ = inventory.addDiscovered("B\(number)") }
        #expect(inventory.isFull && !add("NEW", &inventory))
        // No printer is silent, so all stay.
        inventory.makeRoom(among: [])
        #expect(inventory.isFull)
        let silent = (0..<1000).map { (serial: "B\($0)", lastReport: Double(5000 - $0)) }
        inventory.makeRoom(among: silent)
        #expect(add("NEW", &inventory) && inventory.discovered.contains("B499"))
        #expect(!inventory.discovered.contains("B500") && !inventory.discovered.contains("B999"))
    }
}
