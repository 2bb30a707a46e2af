import CommandFlags
import Foundation
import Glibc
import MQTT
import TLS
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(1))) struct FleetTests {
    private static let versionRequest = #"{"info":{"sequence_id":"9","command":"get_version"}}"#
    private static let pushall = #"{"pushing":{"sequence_id":"0","command":"pushall"}}"#

    private func fleet(_ printers: PrinterOptions...) async throws -> SimulatedFleet {
        var options = FleetOptions()
        options.interval = .milliseconds(50)
        let fleet = try SimulatedFleet(printers, options: options, key: try TestKey.shared.get())
        try await fleet.start()
        return fleet
    }

    private func connected(_ printer: FleetPrinter, of fleet: SimulatedFleet) async throws -> TestClient {
        let client = try TestClient(printer, of: fleet)
        #expect(await client.first { $0 == .accepted } != nil)
        client.subscribe("device/\(printer.serial)/report")
        #expect(await client.first { $0 == .subscribed(true) } != nil)
        return client
    }

    @Test func `a client that trusts the CA gets reports and answers`() async throws {
        let fleet = try await fleet(PrinterOptions(.p1s))
        let printer = try #require(fleet.printers.first)
        let client = try TestClient(printer, of: fleet)
        #expect(await client.next() == .secured(commonName: printer.serial))
        #expect(await client.next() == .accepted)
        client.subscribe("device/\(printer.serial)/report")
        #expect(await client.next() == .subscribed(true))
        client.publish("device/\(printer.serial)/request", Self.versionRequest, qualityOfService: 1)
        let version = try #require(await client.message(with: "get_version"))
        #expect(String(decoding: version, as: UTF8.self).contains(#""sequence_id":"9""#))
        client.publish("device/\(printer.serial)/request", Self.pushall, qualityOfService: 0)
        let full = try #require(await client.message(with: #""msg":0"#))
        #expect((try? JSONSerialization.jsonObject(with: Data(full))) != nil)
        #expect(await client.message(with: #""msg":1"#) != nil)
        #expect(printer.requests.map(\.command) == ["info.get_version", "pushing.pushall"])
        #expect(printer.requests.map(\.qualityOfService) == [1, 0])
        #expect(printer.subscriptions.map(\.topic) == ["device/\(printer.serial)/report"])
        client.close()
        fleet.stop()
    }

    @Test func `a client rejects a certificate for another serial`() async throws {
        var options = PrinterOptions(.a1)
        options.leaf = .init(commonName: "03900A000000000")
        let fleet = try await fleet(options)
        let client = try TestClient(try #require(fleet.printers.first), of: fleet)
        guard case .closed(.certificate(.wrongName)) = await client.next() else {
            Issue.record("the name was not rejected")
            return
        }
        client.close()
        fleet.stop()
    }

    @Test func `a foreign or expired certificate is not trusted`() async throws {
        var foreign = PrinterOptions(.a1)
        foreign.hasForeignAuthority = true
        var expired = PrinterOptions(.p1s)
        expired.serial = "01P00A900000077"
        expired.leaf = .init(commonName: "01P00A900000077", validFor: -60)
        let fleet = try await fleet(foreign, expired)
        for printer in fleet.printers {
            let client = try TestClient(printer, of: fleet)
            guard case .closed(.certificate(.untrusted)) = await client.next() else {
                Issue.record("\(printer.name) was trusted")
                continue
            }
            client.close()
        }
        fleet.stop()
    }

    @Test func `a wrong access code is an authentication failure`() async throws {
        let fleet = try await fleet(PrinterOptions(.x1c))
        let client = try TestClient(try #require(fleet.printers.first), of: fleet, accessCode: "00000000")
        let failure = await client.failure()
        #expect(failure == .authentication)
        client.close()
        fleet.stop()
    }

    @Test func `a wrong serial can subscribe but receives nothing`() async throws {
        let fleet = try await fleet(PrinterOptions(.x1c), PrinterOptions(.x1c))
        let printer = try #require(fleet.printers.first)
        let client = try TestClient(printer, of: fleet)
        #expect(await client.first { $0 == .accepted } != nil)
        let wrong = "00M00A000000000"
        client.subscribe("device/\(wrong)/report")
        #expect(await client.next() == .subscribed(true))
        client.publish("device/\(wrong)/request", Self.versionRequest)
        // Some reports later, the first message arrives on the right topic.
        client.subscribe("device/\(printer.serial)/report")
        #expect(await client.next() == .subscribed(true))
        guard case .message(let topic, _)? = await client.next() else {
            Issue.record("no report arrived")
            return
        }
        #expect(topic == "device/\(printer.serial)/report")
        #expect(printer.requests.isEmpty)
        client.close()
        fleet.stop()
    }

    @Test func `a test can publish as a printer or silence it`() async throws {
        let fleet = try await fleet(PrinterOptions(.x1c))
        let printer = try #require(fleet.printers.first)
        let client = try await connected(printer, of: fleet)
        #expect(await client.message(with: "push_status") != nil)
        await printer.setSilent(true)
        await printer.publish(Array("mark 1".utf8))
        #expect(await client.message(with: "mark 1") != nil)
        client.publish("device/\(printer.serial)/request", Self.pushall)
        for _ in 0..<1000 where printer.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(printer.requests.count == 1)
        await printer.publish(Array("mark 2".utf8))
        #expect(
            await client.next()
                == .message(
                    topic: "device/\(printer.serial)/report", payload: Array("mark 2".utf8)))
        await printer.setSilent(false)
        #expect(await client.message(with: "push_status") != nil)
        client.close()
        fleet.stop()
    }

    @Test func `a killed broker restarts on the same port`() async throws {
        let fleet = try await fleet(PrinterOptions(.a1), PrinterOptions(.p1s))
        let printer = try #require(fleet.printers.first)
        let other = try #require(fleet.printers.last)
        let untouched = try await connected(other, of: fleet)
        let client = try await connected(printer, of: fleet)
        await printer.killBroker()
        guard case .closed? = await client.first(where: { if case .closed = $0 { true } else { false } }) else {
            Issue.record("the connection is still open")
            return
        }
        let refused = try TestClient(printer, of: fleet)
        let end = await refused.next()
        guard case .closed(.refused)? = end else {
            Issue.record("the port still accepts connections: \(String(describing: end))")
            return
        }
        try await printer.restartBroker()
        let again = try await connected(printer, of: fleet)
        again.publish("device/\(printer.serial)/request", Self.pushall)
        #expect(await again.message(with: #""msg":0"#) != nil)
        #expect(await untouched.message(with: "push_status") != nil)
        for client in [untouched, client, refused, again] { client.close() }
        fleet.stop()
    }

    @Test func `a reused directory gives the same certificates`() throws {
        var template = Array("/tmp/bambu_fleet.XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = FleetOptions()
        options.directory = path
        options.firstNumber = 41
        let authorities = try (0..<2).map { _ in
            let fleet = try SimulatedFleet([PrinterOptions(.p1s)], options: options)
            defer { fleet.stop() }
            #expect(fleet.printers.first?.serial.hasSuffix("41") == true)
            return try WorkDirectory.read(fleet.caFile)
        }
        #expect(authorities.first == authorities.last)
    }

    @Test func `the same key and creation time give the same certificate`() throws {
        let key = try TestKey.shared.get()
        let copy = try PrivateKey(pem: try key.pem())
        let leaf = SimulatedAuthority.Leaf(commonName: "01P00A000000000")
        let first = try SimulatedAuthority(key: key, created: 1_800_000_000).issue(leaf, for: key).pem()
        #expect(try SimulatedAuthority(key: copy, created: 1_800_000_000).issue(leaf, for: copy).pem() == first)
        #expect(try SimulatedAuthority(key: key, created: 1_800_000_001).issue(leaf, for: key).pem() != first)
    }

    @Test func `certificate and access code can change at run time`() async throws {
        let fleet = try await fleet(PrinterOptions(.p2s))
        let printer = try #require(fleet.printers.first)
        let before = try await connected(printer, of: fleet)
        let file = fleet.caFile.replacing("ca.pem", with: "\(printer.serial).pem")
        let leaf = try WorkDirectory.read(file)
        let port = printer.port
        try await printer.restartBroker()
        #expect(try WorkDirectory.read(file) == leaf)
        try await printer.changeCertificate()
        #expect(try WorkDirectory.read(file) != leaf)
        let code = printer.accessCode
        try await printer.changeAccessCode("87654321")
        #expect(printer.accessCode == "87654321" && printer.port == port)
        let old = try TestClient(printer, of: fleet, accessCode: code)
        let failure = await old.failure()
        #expect(failure == .authentication)
        let new = try await connected(printer, of: fleet)
        for client in [before, old, new] { client.close() }
        fleet.stop()
    }

    @Test func `a suspended broker answers after it resumes`() async throws {
        let fleet = try await fleet(PrinterOptions(.p1s))
        let printer = try #require(fleet.printers.first)
        let client = try await connected(printer, of: fleet)
        await printer.pauseBroker()
        let waiting = try TestClient(
            port: printer.port, name: printer.serial, accessCode: printer.accessCode, trust: .unverified,
            deadline: .milliseconds(300))
        #expect(await waiting.next() == .closed(.timedOut(.handshake)))
        await printer.resumeBroker()
        #expect(await client.message(with: "push_status") != nil)
        client.close()
        waiting.close()
        fleet.stop()
    }

    @Test func `a recording plays in order and answers pushall`() async throws {
        let directory = try WorkDirectory.temporary()
        defer { directory.remove() }
        let lines = (0..<5).map {
            #"[{"t_ms":\#($0 * 10),"payload":{"print":{"msg":\#($0 == 0 ? 0 : 1),"n":\#($0)}}}]"#
        }
        let text = "[" + lines.map { $0.dropFirst().dropLast() }.joined(separator: ",") + "]"
        var options = PrinterOptions(.a1)
        options.recording = try Recording(file: try directory.write(Array(text.utf8), to: "recording.json"))
        options.loops = true
        let fleet = try await fleet(options)
        let client = try await connected(try #require(fleet.printers.first), of: fleet)
        var order: [Int] = []
        while order.count < 12, case .message(_, let payload)? = await client.next() {
            order.append(Int(JSONSlice(payload).member("print")?.member("n")?.number ?? -1))
        }
        #expect(zip(order, order.dropFirst()).allSatisfy { $1 == ($0 + 1) % 5 })
        client.close()
        fleet.stop()
    }

    @Test func `garbage is sent between the reports`() async throws {
        let fleet = try await fleet(PrinterOptions(.x1c))
        let printer = try #require(fleet.printers.first)
        let client = try await connected(printer, of: fleet)
        try fleet.schedule(Fault(.garbage))
        #expect(await client.message(with: "this is no JSON") != nil)
        #expect(await client.message(with: "[[[[") != nil)
        #expect(await client.message(with: "push_status\",\"msg\":0") != nil)
        client.close()
        fleet.stop()
    }

    @Test func `a fault of the broker starts and ends`() async throws {
        let fleet = try await fleet(PrinterOptions(.a1, name: "x"))
        let printer = try #require(fleet.printers.first)
        let client = try await connected(printer, of: fleet)
        try fleet.schedule(Fault(.disconnect, target: "x", lasting: .milliseconds(300)))
        guard case .closed? = await client.first(where: { if case .closed = $0 { true } else { false } }) else {
            Issue.record("the connection is still open")
            return
        }
        var isBack = false
        for _ in 0..<100 where !isBack {
            let again = try TestClient(printer, of: fleet)
            isBack = await again.first { $0 == .accepted } != nil
            again.close()
            if !isBack { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(isBack)
        #expect(throws: UsageError.self) { try fleet.schedule(Fault(.silence, target: "unknown")) }
        client.close()
        fleet.stop()
    }

    @Test func `a stopped or released fleet leaves no ports or files`() async throws {
        var ports: [UInt16] = []
        var files: [String] = []
        do {
            let stopped = try await fleet(PrinterOptions(.a1))
            let dropped = try await fleet(PrinterOptions(.a1))
            ports = (stopped.printers + dropped.printers).map(\.port)
            files = [stopped.caFile, dropped.caFile]
            stopped.stop()
            stopped.stop()
        }
        for port in ports {
            let client = try TestClient(port: port, name: "", accessCode: "", trust: nil)
            let end = await client.next()
            guard case .closed(.refused)? = end else {
                Issue.record("port \(port) still accepts connections: \(String(describing: end))")
                continue
            }
            client.close()
        }
        #expect(files.allSatisfy { access($0, F_OK) != 0 })
    }

    @Test func `printers on a shared broker get only their own requests`() async throws {
        var printers: [PrinterOptions] = []
        for _ in 0..<11 { printers.append(PrinterOptions(.a1mini, hasOwnBroker: false)) }
        let fleet = try SimulatedFleet(printers, key: try TestKey.shared.get())
        try await fleet.start()
        let printer = try #require(fleet.printers.last)
        let client = try await connected(printer, of: fleet)
        client.publish("device/\(printer.serial)/request", Self.versionRequest)
        #expect(await client.message(with: printer.serial) != nil)
        #expect(fleet.printers.map(\.requests.count).reduce(0, +) == 1)
        client.close()
        fleet.stop()
    }

    @Test func `a port in use is an error with mosquitto's output`() async throws {
        let first = try await fleet(PrinterOptions(.a1))
        var options = FleetOptions()
        options.port = try #require(first.printers.first).port
        let second = try SimulatedFleet([PrinterOptions(.a1)], options: options, key: try TestKey.shared.get())
        let error = await #expect(throws: SimulatorError.self) { try await second.start() }
        #expect(error?.description.contains("Address already in use") == true)
        second.stop()
        first.stop()
    }
}
