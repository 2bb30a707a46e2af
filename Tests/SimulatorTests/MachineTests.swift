import Testing

@testable import Simulator

@Suite struct MachineTests {
    /// Returns the states of a machine in order, without repetitions, until `seconds` have passed.
    private func states(of machine: inout Machine, until seconds: Double) -> [Machine.State] {
        var seen = [machine.state]
        while machine.uptime < seconds {
            machine.advance(to: machine.uptime + Machine.step)
            if machine.state != seen.last { seen.append(machine.state) }
        }
        return seen
    }

    private func printing(_ job: Job = .plain(number: 1, tray: 0)) -> Machine {
        var machine = Machine(model: .p1s, seed: 11)
        machine.apply(.print(job))
        while !machine.isPrinting, machine.uptime < 2000 { machine.advance(to: machine.uptime + Machine.step) }
        return machine
    }

    @Test func `a print prepares, runs and finishes with rising layers`() {
        var machine = Machine(model: .p1s, seed: 1)
        machine.apply(.print(.plain(number: 1, tray: 0)))
        var layer = 0
        var stages: [Stage?] = []
        while machine.state != .finish, machine.uptime < 6000 {
            machine.advance(to: machine.uptime + Machine.step)
            if machine.stage != stages.last { stages.append(machine.stage) }
            #expect(machine.layer >= layer)
            layer = machine.layer
        }
        #expect(machine.state == .finish)
        #expect(machine.percent == 100 && machine.layer == 100 && machine.remainingMinutes == 0)
        #expect(stages.contains(.heatingBed) && stages.contains(.leveling) && stages.contains(.changingFilament))
    }

    @Test func `humidity, low spool and failed print apply at once`() {
        var machine = printing()
        machine.apply(.setHumidity(66))
        machine.apply(.putSpool(left: 0.08))
        machine.apply(.failPrint)
        #expect(machine.filament.units.allSatisfy { $0.humidity == 66 && $0.humidityIndex == 1 })
        #expect(machine.filament.units.first?.slots.first??.remain == 8)
        #expect(machine.state == .failed && machine.error != 0)
        var dryer = Machine(model: .p1s, units: [.ams, .ams2Pro], seed: 3)
        dryer.apply(.dryFirst(celsius: 55, hours: 12))
        #expect(dryer.filament.units.map { $0.drying == nil } == [true, false])
        var idle = Machine(model: .p1s, seed: 3)
        idle.apply(.failPrint)
        #expect(idle.state == .failed && idle.jobs == 1)
    }

    @Test func `the next print starts after a break`() {
        var machine = Machine(model: .x1c, seed: 2)
        let seen = states(of: &machine, until: 200_000)
        #expect(machine.jobs > 3)
        #expect(seen.starts(with: [.idle, .prepare, .running]))
        #expect(seen.contains(.finish))
    }

    @Test func `during a print heaters reach targets and filament is used`() throws {
        var machine = printing()
        let before = try #require(machine.filament.units.first?.slots.first ?? nil)
        machine.advance(to: machine.uptime + 1800)
        let after = try #require(machine.filament.units.first?.slots.first ?? nil)
        #expect(after.left < before.left - 5)
        #expect(abs(machine.bed.temperature - 60) < 1)
        #expect(machine.filament.now == 0)
    }

    @Test func `a cancelled print fails, and its code follows later`() {
        var machine = printing()
        machine.apply(.cancel)
        #expect(machine.state == .failed && machine.error == 0 && machine.percent == 0)
        machine.advance(to: machine.uptime + 6)
        #expect(machine.state == .failed && machine.error == 0x0300_400C)
    }

    @Test func `a failed print reports its error code at once`() {
        var machine = printing()
        machine.apply(.fail)
        #expect(machine.state == .failed && machine.error == 0x0300_8003)
    }

    @Test func `a pause lasts until the print is resumed`() {
        var machine = printing()
        machine.apply(.pause)
        machine.advance(to: machine.uptime + 100_000)
        #expect(machine.state == .pause && machine.stage == .pausedByUser)
        machine.apply(.resume)
        #expect(machine.state == .running)
    }

    @Test func `an empty spool pauses the print until it is replaced`() {
        var machine = printing()
        machine.apply(.runOut)
        #expect(machine.state == .pause && machine.error == 0x0700_8011)
        #expect(machine.messages.count == 1)
        machine.advance(to: machine.uptime + 2000)
        #expect(machine.state == .running && machine.error == 0 && machine.messages.isEmpty)
    }

    @Test func `drying lowers humidity and counts down; an AMS cannot dry`() throws {
        var machine = Machine(model: .p2s, units: [.ams2Pro, .ams], seed: 5)
        let before = machine.filament.units.map(\.humidity)
        machine.apply(.dry(unit: 0, celsius: 65, hours: 8))
        machine.apply(.dry(unit: 1, celsius: 65, hours: 8))
        machine.advance(to: 4 * 3600)
        let dryer = try #require(machine.filament.units.first)
        #expect(dryer.temperature > 60 && dryer.humidity < before[0])
        #expect(abs((dryer.drying?.left ?? 0) - 4 * 3600) < 10)
        #expect(machine.filament.units.last?.drying == nil)
        machine.advance(to: 9 * 3600)
        #expect(machine.filament.units.first?.drying == nil)
    }

    @Test func `over months every course of a print occurs`() {
        var machine = Machine(model: .p1s, seed: 9)
        var errors: Set<Int> = []
        var warned = false
        var changes = 0
        var tray = machine.filament.now
        while machine.jobs < 120, machine.uptime < 6_000_000 {
            machine.advance(to: machine.uptime + Machine.step)
            errors.insert(machine.error)
            if machine.error == 0, !machine.messages.isEmpty { warned = true }
            if machine.filament.now != tray { changes += 1 }
            tray = machine.filament.now
        }
        #expect(errors.isSuperset(of: [0, 0x0300_400C, 0x0300_8003, 0x0700_8011]))
        #expect(warned)
        #expect(changes > 200)
    }
}
