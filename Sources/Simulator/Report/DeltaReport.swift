/// The state of a P1 or A1 at one time, of which a report contains the changes since an earlier time.
struct DeltaReport {
    private let machine: Machine
    private let members: [JSONText]
    private let sections: [JSONText]

    init(of machine: Machine) {
        self.machine = machine
        members = ChangingMembers.all(of: machine)
        sections = [StatusSections.health(of: machine), StatusSections.lights(of: machine)]
    }

    /// The members that changed since `before`; empty if none did.
    func changes(since before: DeltaReport) -> [JSONText] {
        func changed(_ part: KeyPath<DeltaReport, [JSONText]>) -> [JSONText] {
            zip(self[keyPath: part], before[keyPath: part]).filter { $0 != $1 }.map(\.0)
        }
        let (filament, old) = (machine.filament, before.machine.filament)
        let isSame = filament.version == old.version
        return changed(\.members) + (isSame ? [] : [filamentSection(since: old)]) + changed(\.sections)
    }

    private func filamentSection(since old: FilamentSystem) -> JSONText {
        let section = FilamentSection(machine: machine)
        // Units are complete in a delta, without the bits.
        let units = isDifferent(old.units, machine.filament.units) ? section.units : ""
        return #""ams":{\#([units, section.scalars])}"#
    }

    /// Whether the difference is visible on the wire, which has humidity as an integer and weight in percent.
    private func isDifferent(_ old: [AMSUnit], _ new: [AMSUnit]) -> Bool {
        guard old.count == new.count else { return true }
        return zip(old, new).contains { old, new in
            Int(old.humidity) != Int(new.humidity) || (old.drying == nil) != (new.drying == nil)
                || zip(old.slots, new.slots).contains { old, new in
                    old?.remain != new?.remain || old?.tag != new?.tag || old?.filament != new?.filament
                }
        }
    }
}
