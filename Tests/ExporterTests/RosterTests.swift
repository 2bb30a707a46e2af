import BambuMetrics
import Testing

@testable import Exporter

@Suite("Roster")
struct RosterTests {
    private func roster(
        _ printers: [Configuration.Printer] = [], cloud: [String]?? = .none, broker: [String]?? = .none, shard: Int = 1
    ) -> Roster {
        var roster = Roster()
        roster.configuration.printers = printers
        if case .some(let serials) = cloud {
            roster.configuration.cloud = Configuration.Account()
            roster.configuration.cloud?.printers = serials
        }
        if case .some(let serials) = broker {
            roster.configuration.broker = Configuration.Broker()
            roster.configuration.broker?.printers = serials
        }
        roster.configuration.shard.count = shard
        return roster
    }

    private func printer(_ name: String, _ serial: String, host: String? = nil) -> Configuration.Printer {
        var printer = Configuration.Printer(name: name, serial: serial)
        printer.host = host
        return printer
    }

    private func welcome(_ serial: String, _ roster: inout Roster) -> Bool { roster.welcome(serial) }

    private func lines(_ roster: Roster) -> [String] { roster.printers.map { "\($0.settings.name) \($0.route)" } }

    @Test(arguments: ["", "+", "#", "A/report", "A B", "A\n", "\u{E9}", String(repeating: "A", count: 65)])
    func `nobody is welcome whose serial number could name other topics`(serial: String) {
        var roster = roster(broker: .some(nil))
        #expect(!welcome(serial, &roster) && roster.strangers.isEmpty)
        #expect(welcome("A", &roster))
    }

    @Test func `a printer of the account is named by its serial number, or by the entry that has it`() {
        var roster = roster([printer("desk", "B")], cloud: .some(nil))
        #expect(lines(roster) == ["desk shared(BambuMetrics.SharedLink.Source.cloud)"])
        roster.bound = ["A", "B"]
        #expect(roster.printers.map(\.settings.name) == ["desk", "A"])
    }

    @Test func `one that is reachable in several ways is read once: LAN, then broker, then cloud`() {
        var roster = roster(
            [printer("lan", "A", host: "h"), printer("broker", "B"), printer("cloud", "C")], cloud: .some(nil),
            broker: .some(["A", "B"]))
        roster.bound = ["A", "B", "C"]
        #expect(roster.printers.map(\.route) == [.lan, .shared(.broker), .shared(.cloud)])
        #expect(!welcome("A", &roster))
    }

    @Test func `without sources nothing brings reports of a printer without a host`() {
        #expect(roster([printer("x", "A")]).printers.map(\.route) == [.none])
        #expect(roster([printer("x", "A")], cloud: .some(["B"])).printers.map(\.route) == [.none, .shared(.cloud)])
    }

    @Test func `a printer of the account that comes to the broker is read there from then on`() {
        var roster = roster(cloud: .some(nil), broker: .some(nil))
        roster.bound = ["A"]
        #expect(roster.printers.map(\.route) == [.shared(.cloud)])
        #expect(welcome("A", &roster))
        #expect(!welcome("A", &roster))
        #expect(roster.printers.map(\.route) == [.shared(.broker)])
    }

    @Test func `a shard takes its own printers, whoever found them`() {
        var own = 0
        for index in 0..<4 {
            var roster = roster(cloud: .some(nil), broker: .some(nil), shard: 4)
            roster.configuration.shard.index = index
            roster.bound = (0..<50).map { "A\($0)" }.filter { roster.configuration.shard.takes($0) }
            for number in 0..<50 { _ = roster.welcome("B\(number)") }
            own += roster.printers.count
        }
        #expect(own == 100)
    }

    @Test func `a serial number that would be another topic, or another's name, is nobody's`() {
        var roster = roster([printer("01P", "A", host: "h")], broker: .some(nil))
        for serial in ["", "+", "#", "a/b", "a b", String(repeating: "x", count: 65)] {
            #expect(!welcome(serial, &roster))
        }
        #expect(welcome("01P", &roster))
        #expect(roster.printers.map(\.settings.serial) == ["A"])
    }
}
